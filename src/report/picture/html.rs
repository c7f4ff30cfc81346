//! The plan as one self-contained HTML page, for a browser and for printing.

use std::io;
use std::io::Write;

use maud::DOCTYPE;
use maud::Markup;
use maud::PreEscaped;
use maud::html as page;
use pulldown_cmark::Event;
use pulldown_cmark::Parser;

use super::PictureGraph;
use super::class;
use super::svg::drawn;
use super::versions;
use crate::phrase;
use crate::plan::Evidence;
use crate::plan::Finding;
use crate::plan::PlannedPackage;
use crate::plan::Reason;
use crate::plan::ReleasePlan;
use crate::plan::Severity;
use crate::report::findings::finding::grouped;
use crate::report::findings::finding::likewise;
use crate::report::findings::finding::place;
use crate::report::plan::SINGLY;
use crate::report::plan::destination;
use crate::report::plan::effects::Effects;
use crate::report::plan::level;
use crate::report::plan::origin;
use crate::report::plan::reason;
use crate::report::plan::skipped_by_reason;
use crate::report::plan::skipped_line;
use crate::report::screen::text;
use crate::report::screen::text::count;

const STYLE: &str = include_str!("page.css");

/// Writes the page.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn html(out: &mut dyn Write, plan: &ReleasePlan) -> io::Result<()> {
    let title = match plan.packages.as_slice() {
        [] => "Nothing to release".to_owned(),
        [only] => format!("Release of {} {}", only.name, only.to),
        several => format!("Release of {}", count(several.len(), "package")),
    };
    let markup = page! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                p.origin { (marked(&origin(&plan.base))) " · plan " code { (plan.id) } }
                @if !plan.packages.is_empty() { (table(plan)) }
                (findings(&plan.findings))
                @if !plan.packages.is_empty() { (order(plan)) (effects(plan)) }
                (skipped(plan))
                @if !plan.packages.is_empty() { (packages(plan)) }
            }
        }
    };
    writeln!(out, "{}", markup.into_string())
}

/// Errors, then warnings; repeated warnings are grouped.
fn findings(findings: &[Finding]) -> Markup {
    page! {
        @for group in grouped(findings) {
            @if let Some((Finding { code, severity, message, help, .. }, others)) = group.split_first() {
                @let word = match severity { Severity::Error => "error", Severity::Warning => "warning" };
                section.finding.(word) {
                    p { strong { (word) "[" (code) "]" } " " (marked(message)) }
                    @if let Some(place) = group.first().and_then(|first| place(first)) { p.place { code { (place) } } }
                    @let likewise = likewise(&group);
                    @if !others.is_empty() && !likewise.is_empty() { p.place { "likewise: " (likewise.join(", ")) } }
                    @if !help.is_empty() { p.help { "help: " (marked(help)) } }
                }
            }
        }
    }
}

/// Text with code in backticks.
fn marked(text: &str) -> Markup {
    let text = text::clean(&text.replace('\n', " "));
    let parts: Vec<&str> = text.split('`').collect();
    page! {
        @for (at, part) in parts.iter().enumerate() {
            @if at % 2 == 1 && at + 1 < parts.len() { code { (part) } } @else { (part) }
        }
    }
}

fn table(plan: &ReleasePlan) -> Markup {
    page! {
        table {
            thead { tr { th { "Package" } th { "Version" } th { "Level" } th { "Registry" } th { "Reason" } } }
            tbody {
                @for package in &plan.packages {
                    tr {
                        td { a href={ "#" (package.name) } { (package.name) } }
                        td.version { (versions(package)) }
                        td { span.level.(class(package)) { (level(package)) } }
                        td { (destination(package)) }
                        td { (marked(&reason(package))) }
                    }
                }
            }
        }
    }
}

fn order(plan: &ReleasePlan) -> Markup {
    if plan.publish_order.len() < 2 {
        return Markup::default();
    }
    let graph = PictureGraph::of(plan);
    page! {
        h2 { "Publish order" }
        ol.waves {
            @for (wave, members) in graph.by_wave() {
                @if wave != usize::MAX {
                    li { @for (place, at) in members.iter().enumerate() {
                        @if place > 0 { ", " }
                        @if let Some(package) = graph.packages.get(*at) { (package.name) }
                    } }
                }
            }
        }
        @if !graph.edges.is_empty() { figure { (drawn(plan)) } }
    }
}

fn packages(plan: &ReleasePlan) -> Markup {
    page! {
        h2 { "Packages" }
        @for package in &plan.packages { (one(package)) }
    }
}

fn one(package: &PlannedPackage) -> Markup {
    let PlannedPackage { name, reasons, tag, changelog, .. } = package;
    page! {
        article id=(name) {
            h3 { (name) " " span.version { (versions(package)) } " " span.level.(class(package)) { (level(package)) } }
            @if let Some(tag) = tag { p.place { "tag " code { (tag) } } }
            details open[reasons.len() <= 8] {
                summary { (count(reasons.len(), "reason")) }
                ul { @for reason in reasons { li { (because(reason)) } } }
            }
            @if let Some(changelog) = changelog {
                p.place { code { (changelog.path) } @if changelog.drafted { " · drafted" } }
                div.entry { (rendered(&changelog.entry)) }
            }
        }
    }
}

fn because(reason: &Reason) -> Markup {
    let summary = text::clean(&reason.summary);
    page! {
        (marked(&summary))
        @match &reason.evidence {
            Evidence::Commit { commit } => { " " code { (commit.short()) } }
            Evidence::Api { lint, path: _ } => { " " code { (lint) } }
            Evidence::Note { path } => { " " code { (path) } }
            Evidence::Manifest { key } => { " " code { (key) } }
            Evidence::Dependency { package } => { " " code { (package) } }
            Evidence::Group { group } => { " " code { (group) } }
            Evidence::Request => {}
        }
    }
}

/// Markdown as HTML. HTML in it is shown as text, because entries come from commits, which anyone may write.
fn rendered(markdown: &str) -> Markup {
    let tame = |event| {
        if let Event::Html(html) | Event::InlineHtml(html) = event { Event::Text(html) } else { event }
    };
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, Parser::new(markdown).map(tame));
    PreEscaped(html)
}

fn effects(plan: &ReleasePlan) -> Markup {
    let effects = Effects::of(&plan.steps);
    let permanent = effects.permanent();
    page! {
        h2 { "What happens" }
        dl {
            @if let Some(files) = effects.files() { dt { "Edits" } dd { (files) } }
            dt { "Can be undone" }
            dd { (marked(&effects.undoable().join(", "))) }
            dt { "Permanent" }
            dd { @if permanent.is_empty() { (effects.nothing_permanent()) } @else { (marked(&permanent.join(", "))) } }
        }
    }
}

fn skipped(plan: &ReleasePlan) -> Markup {
    if plan.left_out.is_empty() {
        return Markup::default();
    }
    page! {
        h2 { "Skipped" }
        @if plan.left_out.len() <= SINGLY {
            ul { @for left in &plan.left_out { li { (marked(&skipped_line(left))) } } }
        } @else {
            @for (reason, names) in skipped_by_reason(&plan.left_out) {
                details {
                    summary { (marked(reason)) ": " (phrase::count(names.len(), "package")) }
                    p { (names.join(", ")) }
                }
            }
        }
    }
}
