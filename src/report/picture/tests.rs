//! Each form from the same plan: what is in it, and what cannot get out of it.

use super::*;
use crate::plan::Action;
use crate::report::sample;
use crate::report::sample::shown;

/// The sample, with its edges, and a commit subject that would like to be more than text.
fn plan() -> ReleasePlan {
    let mut plan = sample::workspace();
    for step in &mut plan.steps {
        if let Action::Publish(_) = step.action
            && step.package.as_ref().is_some_and(|name| name == "cli")
        {
            step.needs = vec!["confirm base".into()];
        }
    }
    plan.packages[0].reasons[0].summary = "drop <script>alert(1)</script> | `Old`".into();
    plan
}

// What follows from other edges is not drawn, and a wave is one more than what it waits for.
#[test]
fn edges_that_follow_are_not_drawn() {
    let published = sample::package("base", "0.2.0");
    let packages: Vec<&PlannedPackage> = vec![&published; 4];
    let edges = BTreeSet::from([(0, 1), (1, 2), (0, 2), (2, 3), (0, 3)]);
    let waves = waves(&packages, &edges);
    assert_eq!(waves, [1, 2, 3, 4]);
    assert_eq!(reduced(&edges, &waves), BTreeSet::from([(0, 1), (1, 2), (2, 3)]));
}

// The packages by wave, with what waits for what.
#[test]
fn a_mermaid_flowchart() {
    snapbox::assert_data_eq!(
        shown(|out| mermaid(out, &plan())),
        snapbox::str![[r#"
flowchart LR
  subgraph wave1["wave 1"]
    p0["base<br/>0.1.0 → 0.2.0<br/>breaking"]:::breaking
  end
  subgraph wave2["wave 2"]
    p1["cli<br/>1.2.0 → 1.2.1<br/>patch"]:::patch
  end
  subgraph wave0["not published"]
    p2["tool<br/>new 0.1.0<br/>new"]:::new
  end
  p0 --> p1
  classDef breaking fill:#ffe3e0,stroke:#cf222e,color:#1f2328
  classDef feature fill:#ddf4ff,stroke:#0969da,color:#1f2328
  classDef new fill:#fff8c5,stroke:#9a6700,color:#1f2328
  classDef patch fill:#f6f8fa,stroke:#6e7781,color:#1f2328

"#]]
    );
}

// Graphviz gets the same.
#[test]
fn a_graph_for_graphviz() {
    snapbox::assert_data_eq!(
        shown(|out| dot(out, &plan())),
        snapbox::str![[r##"
digraph release {
  rankdir=LR;
  node [shape=box, style="rounded,filled", fontname="sans-serif"];
  { rank=same; // wave 1
    "base" [label="base/n0.1.0 -> 0.2.0/nbreaking", fillcolor="#ffe3e0", color="#cf222e"];
  }
  { rank=same; // wave 2
    "cli" [label="cli/n1.2.0 -> 1.2.1/npatch", fillcolor="#f6f8fa", color="#6e7781"];
  }
  "tool" [label="tool/nnew 0.1.0/nnew", fillcolor="#fff8c5", color="#9a6700"];
  "base" -> "cli";
}

"##]]
    );
}

// A summary for CI: what blocks first, and nothing in a cell ends the table.
#[test]
fn a_summary() {
    snapbox::assert_data_eq!(
        shown(|out| markdown(out, &plan())),
        snapbox::str![[r###"
## Release of 3 packages from `main` at 1a2b3c4

> [!WARNING]
> **warning[changelog-uncovered]** the commit 1a2b3c4 is not in the entry of `base`
> add it under Unreleased, or release without it

| Package | Version | Level | Registry | Reason |
|---|---|---|---|---|
| `base` | 0.1.0 → 0.2.0 | **breaking** | crates.io | drop &lt;script>alert(1)&lt;/script> /| `Old` (+1) |
| `cli` | 1.2.0 → 1.2.1 | patch | crates.io | requires `base` 0.2.0 |
| `tool` | new 0.1.0 | new | not published | first release |

<details><summary>Order of publishing</summary>

```mermaid
flowchart LR
  subgraph wave1["wave 1"]
    p0["base<br/>0.1.0 → 0.2.0<br/>breaking"]:::breaking
  end
  subgraph wave2["wave 2"]
    p1["cli<br/>1.2.0 → 1.2.1<br/>patch"]:::patch
  end
  subgraph wave0["not published"]
    p2["tool<br/>new 0.1.0<br/>new"]:::new
  end
  p0 --> p1
  classDef breaking fill:#ffe3e0,stroke:#cf222e,color:#1f2328
  classDef feature fill:#ddf4ff,stroke:#0969da,color:#1f2328
  classDef new fill:#fff8c5,stroke:#9a6700,color:#1f2328
  classDef patch fill:#f6f8fa,stroke:#6e7781,color:#1f2328
```

</details>

<details><summary>base 0.2.0</summary>

### Removed

- `Old`, which nobody used any more: the function of the same name does all that it did, and more of it.

</details>

<details><summary>cli 1.2.1</summary>

### Changed

- Requires `base` 0.2.0.

</details>

Skipped: macros: unchanged since macros-v1.0.3; xtask: `release = false`

Plan `3f2a9c81d04e`

"###]]
    );
}

// A self-contained page: nothing is loaded from elsewhere, and what commits say stays text.
#[test]
fn a_page_of_its_own() {
    let mut plan = plan();
    plan.packages[0].changelog.as_mut().unwrap().entry = "- <img src=x onerror=alert(1)> *new*".into();
    let page = shown(|out| html(out, &plan));
    assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
    assert!(!page.contains("src=\"http") && !page.contains("<link"), "{page}");
    for told in ["base", "0.1.0 -&gt; 0.2.0", "breaking", "<em>new</em>", "changelog-uncovered", "<svg"] {
        assert!(page.contains(told), "`{told}` is not in {page}");
    }
}

// The picture has every package and an arrow for each edge.
#[test]
fn a_picture() {
    let picture = shown(|out| svg(out, &plan()));
    assert!(["base", "cli", "tool", "</svg>"].iter().all(|told| picture.contains(told)), "{picture}");
}
