//! The arguments of `cargo release plan`.

use clap::Args;
use clap::ValueEnum;

use super::selection::AskArgs;
use super::verbs::ShowArgs;

/// `cargo release plan`
#[derive(Clone, Debug, Args)]
pub struct PlanArgs {
    /// Explain the version of each released package, or of this one
    ///
    /// Lists every reason with its source, and every commit that was considered but does not count.
    #[arg(long, value_name = "PKG", num_args = 0..=1, default_missing_value = "", conflicts_with = "format")]
    pub explain: Option<String>,
    /// The packages and versions to release.
    #[command(flatten)]
    pub ask: AskArgs,
    /// What to show in addition.
    #[command(flatten)]
    pub show: ShowArgs,
    /// The output format.
    #[command(flatten)]
    pub output: PlanOutput,
}

/// The output format of a plan.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct PlanOutput {
    /// Output format: human, json, markdown, mermaid, dot, svg, html [default: human]
    ///
    /// `json` is for programs and for `-x --plan`, `markdown` for the summary of a CI job. `mermaid`, `dot` and `svg` draw the
    /// packages in publish order. `html` is a single page with everything.
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub format: PlanFormat,
}

/// The output format of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    /// Tables and sentences.
    #[default]
    Human,
    /// One JSON object.
    Json,
    /// A summary for a CI job or a pull request.
    Markdown,
    /// A diagram that forges render in Markdown.
    Mermaid,
    /// A graph for Graphviz.
    Dot,
    /// A picture.
    Svg,
    /// A single page with everything.
    Html,
}
