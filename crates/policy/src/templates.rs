//! Policies to start from.

/// A policy to start from.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// Its name.
    pub name: &'static str,
    /// What it is for, in a sentence.
    pub about: &'static str,
    /// The text of `gradus.yaml`.
    pub text: &'static str,
}

/// Every template.
pub const TEMPLATES: &[Template] = &[
    Template {
        name: "four-stage",
        about: "dev, staging, canary, production, with gates that grow stricter",
        text: include_str!("../templates/four-stage.yaml"),
    },
    Template {
        name: "six-environment",
        about: "dev-int, future, active, uat, staging, prod, with seven paths",
        text: include_str!("../templates/six-environment.yaml"),
    },
    Template {
        name: "terragrunt",
        about: "an infrastructure repository: dev, stage, prod",
        text: include_str!("../templates/terragrunt.yaml"),
    },
    Template {
        name: "monorepo",
        about: "several apps that share one flow, with parallel test environments",
        text: include_str!("../templates/monorepo.yaml"),
    },
];
