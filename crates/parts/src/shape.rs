//! Shapes: what may stand where in a policy. One description serves the reader, its error texts
//! and the JSON Schema.

/// What may stand in one place.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// `true` or `false`.
    Flag,
    /// A whole number, at least so much.
    Count {
        /// The smallest that makes sense.
        least: u64,
    },
    /// Any finite number.
    Number,
    /// A share of a hundred: `80%`, or the bare number.
    Percent,
    /// A length of time: `15m`.
    Period,
    /// Words, not empty. `${app}`, `${environment}` and `${release.version}` are filled in.
    Text,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A branch pattern.
    Branch,
    /// The name of something that the policy defines, or defines here.
    Name(NameOf),
    /// A list, with at least so many items.
    List {
        /// What its items are.
        of: &'static Shape,
        /// The smallest number of items that makes sense.
        least: usize,
    },
    /// A map from names to values.
    Map {
        /// What its keys name.
        key: NameOf,
        /// What its values are.
        of: &'static Shape,
    },
    /// A fixed set of fields.
    Record(&'static [Field]),
    /// Any of these, told apart by being a word, a list or a map.
    Either(&'static [Shape]),
    /// A list of gates.
    Gates,
    /// A list of delivery steps.
    Steps,
    /// A list of checks.
    Checks,
}

/// What a name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameOf {
    /// An app.
    App,
    /// An environment.
    Environment,
    /// A team.
    Team,
    /// A person or machine.
    Person,
    /// A repository.
    Repository,
    /// A calendar.
    Window,
    /// A target of an environment.
    Target,
    /// A value that a target has.
    Value,
}

impl NameOf {
    /// What it is called in messages.
    pub const fn word(self) -> &'static str {
        match self {
            NameOf::App => "app",
            NameOf::Environment => "environment",
            NameOf::Team => "team",
            NameOf::Person => "person",
            NameOf::Repository => "repository",
            NameOf::Window => "window",
            NameOf::Target => "target",
            NameOf::Value => "value",
        }
    }
}

/// One field of a record.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its key.
    pub name: &'static str,
    /// What it means, in a sentence: the editor shows it.
    pub about: &'static str,
    /// What may stand there.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
}

impl Field {
    /// A field that must be there.
    pub const fn required(name: &'static str, about: &'static str, shape: Shape) -> Field {
        Field {
            name,
            about,
            shape,
            required: true,
        }
    }

    /// A field that may be left out.
    pub const fn optional(name: &'static str, about: &'static str, shape: Shape) -> Field {
        Field {
            name,
            about,
            shape,
            required: false,
        }
    }
}
