//! The graph as SVG: a column per wave, and an arrow from each package to its dependents.
//!
//! The layout is by wave, because readers want to see the publish order. General graph layouts draw arrows across the boxes
//! once there are some dozens of them; here the arrows run behind the boxes, from column to column.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use maud::Markup;
use maud::html as picture;

use super::PictureGraph;
use super::class;
use super::diagram::COLOURS;
use super::versions;
use crate::plan::PlannedPackage;
use crate::plan::ReleasePlan;
use crate::report::plan::level;

/// Sizes in pixels: a letter, a box, and the gaps between boxes, between columns and around the picture.
const LETTER: usize = 8;
const HEIGHT: usize = 44;
const BETWEEN: usize = 14;
const GAP: usize = 90;
const MARGIN: usize = 24;
const TITLE: usize = 30;
/// The number of passes that sort each column by its neighbors.
const ROUNDS: usize = 6;

/// A box.
#[derive(Clone, Copy)]
struct NodeBox {
    x: usize,
    y: usize,
    width: usize,
}

/// Writes the graph as SVG.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn svg(out: &mut dyn Write, plan: &ReleasePlan) -> io::Result<()> {
    writeln!(out, "{}", drawn(plan).into_string())
}

/// The picture.
pub(super) fn drawn(plan: &ReleasePlan) -> Markup {
    let graph = PictureGraph::of(plan);
    let columns = ordered(&graph);
    let (places, titles, (width, height)) = laid_out(&graph, &columns);
    picture! {
        svg xmlns="http://www.w3.org/2000/svg" width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) }
            font-family="system-ui, sans-serif" font-size="13" {
            rect width="100%" height="100%" fill="#ffffff" {}
            @for (x, title) in &titles { text x=(x) y=(MARGIN) fill="#57606a" { (title) } }
            g fill="none" stroke="#57606a" stroke-opacity="0.45" {
                @for (from, to) in &graph.edges { (arrow(places.get(from), places.get(to))) }
            }
            @for (at, place) in &places {
                @if let Some(package) = graph.packages.get(*at) { (boxed(package, *place)) }
            }
        }
    }
}

/// The columns, each sorted to keep the arrows short.
fn ordered(graph: &PictureGraph<'_>) -> Vec<(usize, Vec<usize>)> {
    let mut columns = graph.by_wave();
    for round in 0..ROUNDS {
        let rows: BTreeMap<usize, usize> = columns
            .iter()
            .flat_map(|(_, members)| {
                // The position in the column in thousandths, because columns differ in length.
                members.iter().enumerate().map(|(row, at)| (*at, row * 1000 / members.len().max(1)))
            })
            .collect();
        let middle = |at: usize| {
            let joined = graph.edges.iter().filter_map(|(from, to)| match round % 2 {
                0 if *to == at => Some(*from),
                1 if *from == at => Some(*to),
                _ => None,
            });
            let joined: Vec<usize> = joined.filter_map(|other| rows.get(&other).copied()).collect();
            joined.iter().sum::<usize>().checked_div(joined.len()).or_else(|| rows.get(&at).copied())
        };
        for (_, members) in &mut columns {
            members.sort_by_cached_key(|at| middle(*at));
        }
    }
    columns
}

type LaidOut = (BTreeMap<usize, NodeBox>, Vec<(usize, String)>, (usize, usize));

/// The positions of the boxes, the column titles, and the size of the picture.
fn laid_out(graph: &PictureGraph<'_>, columns: &[(usize, Vec<usize>)]) -> LaidOut {
    let rows = columns.iter().map(|(_, members)| members.len()).max().unwrap_or_default();
    let height = MARGIN * 2 + TITLE + rows * (HEIGHT + BETWEEN);
    let (mut places, mut titles, mut x) = (BTreeMap::new(), Vec::new(), MARGIN);
    for (wave, members) in columns {
        let packages = members.iter().filter_map(|at| graph.packages.get(*at));
        let width = packages.map(|package| width_of(package)).max().unwrap_or_default();
        let title = if *wave == usize::MAX { "not published".to_owned() } else { format!("wave {wave}") };
        titles.push((x, title));
        let top = MARGIN + TITLE + (rows - members.len()) * (HEIGHT + BETWEEN) / 2;
        for (row, at) in members.iter().enumerate() {
            places.insert(*at, NodeBox { x, y: top + row * (HEIGHT + BETWEEN), width });
        }
        x += width + GAP;
    }
    (places, titles, ((x + MARGIN).saturating_sub(GAP), height))
}

fn second_line(package: &PlannedPackage) -> String {
    format!("{} · {}", versions(package).replace("->", "→"), level(package))
}

fn width_of(package: &PlannedPackage) -> usize {
    let letters = package.name.as_str().chars().count().max(second_line(package).chars().count());
    letters * LETTER + 20
}

/// An arrow from the right side of one box to the left side of another.
fn arrow(from: Option<&NodeBox>, to: Option<&NodeBox>) -> Markup {
    let (Some(from), Some(to)) = (from, to) else { return Markup::default() };
    let (x, y) = (from.x + from.width, from.y + HEIGHT / 2);
    let (end, at) = (to.x.saturating_sub(2), to.y + HEIGHT / 2);
    let (out, back) = (x + GAP / 2, end.saturating_sub(GAP / 2));
    let (head, above, below) = (end.saturating_sub(7), at.saturating_sub(4), at + 4);
    picture! {
        path d={ "M" (x) " " (y) " C" (out) " " (y) " " (back) " " (at) " " (end) " " (at) } {}
        path d={ "M" (head) " " (above) " L" (end) " " (at) " L" (head) " " (below) } {}
    }
}

fn boxed(package: &PlannedPackage, place: NodeBox) -> Markup {
    let NodeBox { x, y, width } = place;
    let colours = COLOURS.iter().find(|(known, ..)| *known == class(package));
    let (fill, stroke) = colours.map_or(("#ffffff", "#000000"), |(_, fill, stroke)| (*fill, *stroke));
    picture! {
        rect x=(x) y=(y) width=(width) height=(HEIGHT) rx="6" fill=(fill) stroke=(stroke) {}
        text x=(x + 10) y=(y + 18) font-weight="600" fill="#1f2328" { (package.name) }
        text x=(x + 10) y=(y + 35) fill="#1f2328" { (second_line(package)) }
    }
}
