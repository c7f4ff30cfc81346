//! The graph as input for Mermaid and Graphviz.

use std::io;
use std::io::Write;

use super::PictureGraph;
use super::class;
use super::versions;
use crate::plan::ReleasePlan;
use crate::report::plan::level;

/// The background and border colors of the levels.
pub(super) const COLOURS: [(&str, &str, &str); 4] = [
    ("breaking", "#ffe3e0", "#cf222e"),
    ("feature", "#ddf4ff", "#0969da"),
    ("new", "#fff8c5", "#9a6700"),
    ("patch", "#f6f8fa", "#6e7781"),
];

/// Writes the graph as a Mermaid flowchart.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn mermaid(out: &mut dyn Write, plan: &ReleasePlan) -> io::Result<()> {
    let graph = PictureGraph::of(plan);
    writeln!(out, "flowchart LR")?;
    for (wave, members) in graph.by_wave() {
        let title = if wave == usize::MAX { "not published".to_owned() } else { format!("wave {wave}") };
        writeln!(out, "  subgraph wave{}[\"{title}\"]", if wave == usize::MAX { 0 } else { wave })?;
        for at in members {
            let Some(package) = graph.packages.get(at) else { continue };
            let name = &package.name;
            let versions = versions(package).replace("->", "→");
            writeln!(out, "    p{at}[\"{name}<br/>{versions}<br/>{}\"]:::{}", level(package), class(package))?;
        }
        writeln!(out, "  end")?;
    }
    for (from, to) in &graph.edges {
        writeln!(out, "  p{from} --> p{to}")?;
    }
    COLOURS.iter().try_for_each(|(class, fill, stroke)| {
        writeln!(out, "  classDef {class} fill:{fill},stroke:{stroke},color:#1f2328")
    })
}

/// Writes the graph for Graphviz.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn dot(out: &mut dyn Write, plan: &ReleasePlan) -> io::Result<()> {
    let graph = PictureGraph::of(plan);
    writeln!(out, "digraph release {{")?;
    writeln!(out, "  rankdir=LR;")?;
    writeln!(out, "  node [shape=box, style=\"rounded,filled\", fontname=\"sans-serif\"];")?;
    for (wave, members) in graph.by_wave() {
        let is_ranked = wave != usize::MAX;
        if is_ranked {
            writeln!(out, "  {{ rank=same; // wave {wave}")?;
        }
        for package in members.into_iter().filter_map(|at| graph.packages.get(at)) {
            let colours = COLOURS.iter().find(|(known, ..)| *known == class(package));
            let (fill, stroke) = colours.map_or(("#ffffff", "#000000"), |(_, fill, stroke)| (*fill, *stroke));
            let label = format!("{}\\n{}\\n{}", package.name, versions(package), level(package));
            let indent = if is_ranked { "    " } else { "  " };
            writeln!(
                out,
                "{indent}\"{}\" [label=\"{label}\", fillcolor=\"{fill}\", color=\"{stroke}\"];",
                package.name
            )?;
        }
        if is_ranked {
            writeln!(out, "  }}")?;
        }
    }
    for (from, to) in &graph.edges {
        if let (Some(from), Some(to)) = (graph.packages.get(*from), graph.packages.get(*to)) {
            writeln!(out, "  \"{}\" -> \"{}\";", from.name, to.name)?;
        }
    }
    writeln!(out, "}}")
}
