//! The words of the command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Moves releases from development to production, past gates and approvals, and can prove it.
#[derive(Debug, Parser)]
#[command(
    name = "gradus",
    version,
    disable_help_subcommand = true,
    arg_required_else_help = true
)]
pub(crate) struct Gradus {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Args)]
pub(crate) struct Common {
    /// The folder with gradus.yaml; found upwards from here if left out.
    #[arg(long, global = true, env = "GRADUS_WORKSPACE")]
    pub(crate) workspace: Option<PathBuf>,
    /// Answer in JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Act as this person of the policy; recorded as asserted by you.
    #[arg(long = "as", global = true, value_name = "PERSON", env = "GRADUS_AS", action = clap::ArgAction::Append)]
    pub(crate) acting_as: Vec<String>,
}

/// What `gradus evidence add FILE --as …` takes for the use of a report rather than for a person.
pub(crate) const USES: [&str; 6] = ["unit", "integration", "e2e", "performance", "security", "quality"];

impl Common {
    /// The person to act as.
    pub(crate) fn person(&self) -> Option<&String> {
        let mut people = self.acting_as.iter().rev();
        people.find(|word| !USES.contains(&word.as_str()))
    }

    /// What a report is used as.
    pub(crate) fn used_as(&self) -> Option<&'static str> {
        let words = self.acting_as.iter().rev();
        words
            .into_iter()
            .find_map(|word| USES.into_iter().find(|known| known == word))
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// A whole world on this machine, promoted before your eyes.
    Demo(Demo),
    /// Write a policy to start from.
    Init(Init),
    /// Read the policy and tell everything that is wrong with it.
    Check,
    /// Print the JSON Schema of gradus.yaml.
    Schema,
    /// What is where: app by environment.
    Status(Status),
    /// Take releases in, list them, deny and allow them.
    Release(Release),
    /// Say something about a release, list what was said, take it back.
    Evidence(Evidence),
    /// What a promotion would do, without doing it.
    Plan(Promote),
    /// Bring a release to an environment.
    Promote(Promote),
    /// Bring an earlier release of an environment back.
    Rollback(Rollback),
    /// Agree to a promotion's plan.
    Approve(Approve),
    /// Say no to a promotion.
    Reject(Decision),
    /// Withdraw a promotion.
    Cancel(Decision),
    /// Why is it not there? Or: what does this code mean?
    Explain(Explain),
    /// List promotions, show one, decide one that needs a human, review an emergency.
    Promotion(Promotion),
    /// The pull requests that deliveries wait for: list, show, merge and close them.
    Pull(Pull),
    /// What happened.
    History(History),
    /// What was changed behind Gradus's back.
    Drift(Drift),
    /// In which environments a version, digest or commit is.
    Where(Where),
    /// What one environment has that another has not yet.
    Diff(Diff),
    /// How alike what two environments hold is.
    Parity(Diff),
    /// Stop a workspace, an app or an environment.
    Halt(Halt),
    /// Let it go on.
    Resume(Halt),
    /// Log, verify, prove, export the ledger.
    Audit(Audit),
    /// Carry out what is due, as it becomes due.
    Worker(Worker),
    /// Look whether this machine and workspace are in order.
    Doctor,
    /// Print completions for a shell.
    Completions(Completions),
    /// Print the manual page.
    Man,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// The folder to build the world in; a temporary one if left out.
    #[arg(long)]
    pub(crate) dir: Option<PathBuf>,
    /// Keep the folder, to look around afterwards.
    #[arg(long)]
    pub(crate) keep: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The template.
    #[arg(long, default_value = "four-stage")]
    pub(crate) template: String,
    /// The folder to write to; this one if left out.
    pub(crate) dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Release {
    #[command(subcommand)]
    pub(crate) verb: ReleaseVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReleaseVerb {
    /// Take a release in.
    Add {
        /// The release, such as web@1.4.0.
        release: String,
        /// An artifact with its digest, such as ghcr.io/acme/web@sha256:…; may be repeated.
        #[arg(long = "artifact")]
        artifacts: Vec<String>,
        /// The branch it was built from.
        #[arg(long, default_value = "main")]
        branch: String,
        /// The commit it was built from.
        #[arg(long)]
        commit: Option<String>,
        /// standard, hotfix or dependency.
        #[arg(long, default_value = "standard")]
        kind: String,
        /// none, backward_compatible, forward_only, or expand, migrate and contract in a chain.
        #[arg(long, default_value = "none")]
        schema: String,
        /// The chain of releases that change the schema together.
        #[arg(long)]
        chain: Option<String>,
        /// An identity whose commits it holds; may be repeated.
        #[arg(long = "author")]
        authors: Vec<String>,
        /// The one environment it was built for, if it was; such a release is refused.
        #[arg(long)]
        built_for: Option<String>,
        /// What changed, in words.
        #[arg(long, default_value = "")]
        notes: String,
    },
    /// List releases.
    Ls {
        /// Only of this app.
        app: Option<String>,
    },
    /// Show one release and what it has earned.
    Show {
        /// The release.
        release: String,
    },
    /// Bar a release from going anywhere.
    Deny {
        /// The release.
        release: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Take that back.
    Allow {
        /// The release.
        release: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Evidence {
    #[command(subcommand)]
    pub(crate) verb: EvidenceVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EvidenceVerb {
    /// Say something about a release: with report files, or with measured values.
    Add(Box<EvidenceAdd>),
    /// Show one piece with everything it says.
    Show {
        /// The app.
        app: String,
        /// The evidence, such as e12.
        id: String,
    },
    /// List what was said about a release and still counts.
    Ls {
        /// The release.
        release: String,
    },
    /// Take back what was said.
    Revoke {
        /// The app.
        app: String,
        /// The evidence, such as e12.
        id: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct EvidenceAdd {
    /// Report files of tests, coverage, scans, load tests and so on; the content says which.
    pub(crate) files: Vec<std::path::PathBuf>,
    /// The release, such as web@1.4.0.
    #[arg(long)]
    pub(crate) release: String,
    /// What it tells of: the name of the gate that reads it. Reports say it themselves.
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// The format of the reports, where their content leaves it open.
    #[arg(long)]
    pub(crate) format: Option<String>,
    /// The exit code of the tool that wrote the reports: green reports of red runs exist.
    #[arg(long)]
    pub(crate) exit_code: Option<i32>,
    /// How many tests, lines, requests or components there must be at least.
    #[arg(long)]
    pub(crate) expect_at_least: Option<u64>,
    /// The commit that was measured.
    #[arg(long)]
    pub(crate) commit: Option<String>,
    /// The workflow that measured: ci/release.yml in a gate's `from` means this one only.
    #[arg(long)]
    pub(crate) workflow: Option<String>,
    /// On which occasion: push, schedule, pull_request. What anybody can start does not count.
    #[arg(long)]
    pub(crate) event: Option<String>,
    /// Which one of several: a test suite, a named check.
    #[arg(long = "name", visible_alias = "suite", default_value = "")]
    pub(crate) name: String,
    /// The environment it was measured in.
    #[arg(long)]
    pub(crate) environment: Option<String>,
    /// A measured value, such as availability=99.95; may be repeated.
    #[arg(long = "set", value_name = "FACT=VALUE")]
    pub(crate) facts: Vec<String>,
    /// How long it counts.
    #[arg(long)]
    pub(crate) expires: Option<String>,
    /// The tool that made it.
    #[arg(long)]
    pub(crate) tool: Option<String>,
    /// Where a person can look at it.
    #[arg(long)]
    pub(crate) link: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Promote {
    /// The release, such as web@1.4.0; or the app, for what is in --from now.
    pub(crate) release: Option<String>,
    /// Where it comes from.
    #[arg(long, env = "FROM_ENV")]
    pub(crate) from: Option<String>,
    /// Where it goes.
    #[arg(long, env = "TO_ENV")]
    pub(crate) to: String,
    /// Why.
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// Go past gates and approvals in an emergency; needs its own permission and a reason.
    #[arg(long)]
    pub(crate) break_glass: bool,
    /// Deliver outside the calendar; needs its own permission.
    #[arg(long, value_name = "REASON")]
    pub(crate) override_window: Option<String>,
    /// Only show what would happen.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Stay until it has ended.
    #[arg(long)]
    pub(crate) wait: bool,
    /// How long to stay.
    #[arg(long, default_value = "1h")]
    pub(crate) timeout: String,
}

#[derive(Debug, Args)]
pub(crate) struct Rollback {
    /// The app.
    pub(crate) app: String,
    /// The environment.
    #[arg(long)]
    pub(crate) environment: String,
    /// The version to go back to; the last healthy one if left out.
    #[arg(long)]
    pub(crate) to: Option<String>,
    /// Why.
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// Go past approvals in an emergency.
    #[arg(long)]
    pub(crate) break_glass: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Approve {
    /// The promotion, such as web-17.
    pub(crate) promotion: String,
    /// The digest of the plan that you have looked at; the present one if left out.
    #[arg(long)]
    pub(crate) plan: Option<String>,
    /// A note for the record.
    #[arg(long)]
    pub(crate) note: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Decision {
    /// The promotion, such as web-17.
    pub(crate) promotion: String,
    /// Why.
    #[arg(long)]
    pub(crate) reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct Status {
    /// Look now whether the environments hold what was put there.
    #[arg(long)]
    pub(crate) drift: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Drift {
    /// Only this app.
    pub(crate) app: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Where {
    /// A version, or the beginning of a digest or of a commit.
    pub(crate) what: String,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// One environment; of two, the one that comes first.
    pub(crate) from: String,
    /// The other one.
    pub(crate) to: String,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The release or app; or a code, such as approval.self.
    pub(crate) subject: Option<String>,
    /// Where it would come from.
    #[arg(long, env = "FROM_ENV")]
    pub(crate) from: Option<String>,
    /// Where it would go.
    #[arg(long, env = "TO_ENV")]
    pub(crate) to: Option<String>,
    /// Print a report for a CI system instead.
    #[arg(long, value_enum)]
    pub(crate) report: Option<ReportForm>,
}

/// What a report is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ReportForm {
    /// A summary.
    Markdown,
    /// A test report.
    Junit,
}

#[derive(Debug, Args)]
pub(crate) struct Promotion {
    #[command(subcommand)]
    pub(crate) verb: PromotionVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PromotionVerb {
    /// List promotions.
    Ls {
        /// Only of this app.
        #[arg(long)]
        app: Option<String>,
    },
    /// Show one.
    Show {
        /// The promotion.
        promotion: String,
    },
    /// Stay with one until it is over, or needs somebody.
    Watch {
        /// The promotion.
        promotion: String,
        /// How long to stay.
        #[arg(long, default_value = "1h")]
        timeout: String,
    },
    /// Decide one that needs a human.
    Resolve {
        /// The promotion.
        promotion: String,
        /// accept (of several phases: this one), roll_back or fail.
        resolution: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Say that an emergency was looked at.
    Review {
        /// The promotion.
        promotion: String,
        /// What was found.
        #[arg(long)]
        note: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Pull {
    /// The repository, by its name in the policy; not needed where there is only one with pull requests.
    #[arg(long, global = true)]
    pub(crate) repository: Option<String>,
    #[command(subcommand)]
    pub(crate) verb: PullVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PullVerb {
    /// List them.
    Ls,
    /// Show one.
    Show {
        /// Its number.
        number: u64,
    },
    /// Merge one: the delivery goes on.
    Merge {
        /// Its number.
        number: u64,
    },
    /// Close one: the delivery has failed.
    Close {
        /// Its number.
        number: u64,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct History {
    /// Only of this app.
    pub(crate) app: Option<String>,
    /// How many events, the newest last.
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: usize,
}

#[derive(Debug, Args)]
pub(crate) struct Halt {
    /// One app.
    #[arg(long, conflicts_with = "environment")]
    pub(crate) app: Option<String>,
    /// One environment.
    #[arg(long)]
    pub(crate) environment: Option<String>,
    /// Why.
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// With resume, an app and an environment: let its automation go on.
    #[arg(long, value_name = "APP")]
    pub(crate) automation: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Audit {
    #[command(subcommand)]
    pub(crate) verb: AuditVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditVerb {
    /// Every event with its number.
    Log {
        /// From this number on.
        #[arg(long, default_value_t = 0)]
        from: u64,
    },
    /// Check the ledger: its bytes, its tree, its checkpoints, and every decision in it.
    Verify {
        /// A checkpoint that was kept elsewhere.
        #[arg(long)]
        trusted: Option<PathBuf>,
    },
    /// Prove that an event is in the ledger.
    Prove {
        /// Its number.
        index: u64,
    },
    /// Sign the ledger as it is now and print the checkpoint.
    Checkpoint,
    /// Print the whole ledger, to be checked elsewhere.
    Export,
}

#[derive(Debug, Args)]
pub(crate) struct Worker {
    /// Carry out what is due now, and end.
    #[arg(long)]
    pub(crate) once: bool,
    /// Work for so long, and end.
    #[arg(long, value_name = "PERIOD")]
    pub(crate) r#for: Option<gradus_model::Period>,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell.
    pub(crate) shell: Shell,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Elvish,
}
