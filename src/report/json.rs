//! JSON output: the plan as one object, events as one object per line, and the schema of the plan.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use serde::Serialize;
use serde_json::Value;

use crate::apply::Event;
use crate::journal::Verified;
use crate::names::PackageName;
use crate::names::TagName;
use crate::plan::ReleasePlan;

/// Writes the plan as one object, indented.
///
/// # Errors
/// Writing to the stream failed.
pub fn plan_json(out: &mut dyn Write, plan: &ReleasePlan) -> io::Result<()> {
    #[derive(Serialize)]
    struct Planned<'a> {
        #[serde(flatten)]
        plan: &'a ReleasePlan,
        /// The tag of each package that gets one.
        tags: BTreeMap<&'a PackageName, &'a TagName>,
    }
    let tags = plan.packages.iter().filter_map(|package| Some((&package.name, package.tag.as_ref()?))).collect();
    pretty(out, &Planned { plan, tags })
}

/// Writes the plan with the verified packages.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn checked_json(out: &mut dyn Write, plan: &ReleasePlan, verified: &[Verified]) -> io::Result<()> {
    #[derive(Serialize)]
    struct Checked<'a> {
        #[serde(flatten)]
        plan: &'a ReleasePlan,
        verified: &'a [Verified],
    }
    pretty(out, &Checked { plan, verified })
}

/// Writes an event as one object on one line, and flushes.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn event_line(out: &mut dyn Write, event: &Event) -> io::Result<()> {
    let mut line = serde_json::to_vec(event)?;
    line.push(b'\n');
    out.write_all(&line)?;
    out.flush()
}

/// Writes any value as indented JSON with a final newline, the format of the committed schemas. At once: a stream that is
/// not buffered would be written to for each token, a million times for a large plan.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn pretty(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    out.write_all(&text)
}

/// The JSON schema of the plan as it is printed, generated from the types; keys that may be null are required.
pub(crate) fn schema_plan() -> Value {
    schemars::generate::SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<ReleasePlan>()
        .to_value()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::Receipt;
    use crate::report::sample;
    use crate::report::sample::shown;

    // What is printed is what was decided: it reads back as the same plan.
    #[test]
    fn a_plan_survives_json() {
        let plan = sample::workspace();
        let text = shown(|out| plan_json(out, &plan));
        assert_eq!(serde_json::from_str::<ReleasePlan>(&text).unwrap(), plan);
        assert!(text.ends_with("}\n"));
    }

    // The schema describes what is printed, and refuses what is not a plan.
    #[test]
    fn a_plan_is_as_its_schema_says() {
        let schema = jsonschema::validator_for(&schema_plan()).unwrap();
        let mut plan = serde_json::to_value(sample::workspace()).unwrap();
        schema.validate(&plan).unwrap();
        plan["steps"][0]["kind"] = "bake".into();
        assert!(!schema.is_valid(&plan));
    }

    // An event is one line that names itself.
    #[test]
    fn an_event_is_one_line() {
        let receipt = Event::Receipt(Receipt { pushed: Some("a\nb".into()), ..Receipt::default() });
        let line = "{\"event\":\"receipt\",\"packages\":[],\"pushed\":\"a\\nb\",\"milliseconds\":0}\n";
        assert_eq!(shown(|out| event_line(out, &receipt)), line);
    }
}
