//! `http`: posts the release, unless that has happened already.

use super::{Act, ActError};
use gradus_connect::{Request, Transport};

pub(super) fn act(act: &Act<'_>, transport: &dyn Transport) -> Result<String, ActError> {
    let settings = &act.part.settings;
    let url = settings.text("url").unwrap_or_default();
    if let Some(observe) = settings.text("observe") {
        let seen = transport.send(&Request::get(observe));
        match seen.map_err(|trouble| ActError::Passing(trouble.text))?.status {
            200 => return Ok("it had happened already".to_owned()),
            404 => {}
            other => {
                let text = format!("{observe} answers {other}, which tells nothing");
                return Err(ActError::Passing(text));
            }
        }
    }
    let mut request = Request::post(url, "application/json", act.about.to_string());
    if let Some(within) = settings.period("within") {
        request.timeout = within.duration();
    }
    request
        .headers
        .push(("Idempotency-Key".to_owned(), act.key.to_owned()));
    let reply = transport
        .send(&request)
        .map_err(|trouble| ActError::Passing(trouble.text))?;
    let wanted = settings.number("status");
    let done = match wanted {
        Some(wanted) => f64::from(reply.status) == wanted,
        None => (200..300).contains(&reply.status),
    };
    let text = format!("{url} answers {}", reply.status);
    match reply.status {
        _ if done => Ok(text),
        // Too many, in the way, or broken for now; everything else will be answered the same again.
        408 | 409 | 425 | 429 | 500.. => Err(ActError::Passing(text)),
        _ => Err(ActError::Lasting(text)),
    }
}
