//! `argocd`: is the application synced and healthy, as Argo CD sees it?

use super::Check;
use crate::{Field, Shape};

pub(super) static CHECK: Check = Check {
    name: "argocd",
    about: "Argo CD finds the application synced and healthy.",
    fields: &[
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
    ],
};
