//! `argocd`: is the application synced and healthy, as Argo CD sees it?

use super::Check;
use crate::{Field, Shape};

/// Where an application is; whatever speaks of one takes these.
pub(crate) const APPLICATION: [Field; 3] = [
    Field::required(
        "server",
        "Its address, such as https://argocd.example.com.",
        Shape::Text,
    ),
    Field::required(
        "app",
        "The application, such as ${app}-${environment}.",
        Shape::Text,
    ),
    Field::optional("project", "Its project.", Shape::Text),
];

pub(super) static CHECK: Check = Check {
    name: "argocd",
    about: "Argo CD finds the application synced and healthy.",
    fields: &APPLICATION,
};
