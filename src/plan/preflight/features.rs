//! Features that packages are built with (`--features`, `enable-features`) and that none of them has.

use std::collections::BTreeSet;

use crate::check::Code;
use crate::check::Finding;
use crate::error::Result;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::release_plan::PlannedPackage;

/// One finding for each. A feature that some have is turned on for those.
pub(crate) fn findings(inputs: &PlanInputs<'_>, packages: &[PlannedPackage]) -> Result<Vec<Finding>> {
    let (mut asked, mut had) = (BTreeSet::new(), BTreeSet::new());
    for planned in packages.iter().filter(|package| package.publish) {
        let features = &inputs.settings(&planned.name)?.enable_features;
        if features.is_empty() {
            continue;
        }
        let normal = inputs.manifest(inputs.package(&planned.name)?)?;
        had.extend(features.iter().filter(|feature| normal.has_feature(feature)));
        asked.extend(features);
    }
    let found = asked.difference(&had).map(|feature| {
        let message = format!("none of the packages has the feature `{feature}`");
        let help = "packages are verified with it (`--features`, `enable-features`): correct its name, or leave it out";
        Finding::error(Code::UnknownFeature, message).help(help)
    });
    Ok(found.collect())
}
