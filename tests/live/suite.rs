//! The whole measurement: a pool for each group of questions, and one report.

use poolctl::document::Json;
use serde_json::json;
use time::OffsetDateTime;

use crate::findings::{Findings, Report};
use crate::members::{Around, MEMBERS};
use crate::pools::{Pool, Pools};
use crate::settings::{Sender, Settings};
use crate::wire::Wire;
use crate::{factors, omission, rest, strangers};

/// Measures everything that the settings allow, and deletes what it made.
pub(crate) fn measure(wire: &Wire, settings: &Settings, say: &dyn Fn(&str)) -> Report {
    let pools = Pools::new(wire, say);
    let findings = Findings::default();
    let mut report = Report {
        region: wire.region(),
        date: OffsetDateTime::now_utc().date().to_string(),
        ..Report::default()
    };
    let external_id = settings.sender.as_ref().and_then(|sender| sender.external_id.clone());
    report.hidden.extend(external_id.map(|id| (id, "[external id]")));
    let sender = settings.sender.as_ref().map(Sender::configuration);
    let mut on_a_pool = |purpose: &str, group: &dyn Fn(&Pool<'_>)| match pools.make(purpose) {
        Ok(pool) => {
            group(&pool);
            let account = (pool.account().to_owned(), "[account]");
            if !report.hidden.contains(&account) {
                report.hidden.push(account);
            }
        }
        Err(failure) => report.missing.push(format!("{purpose}: no pool could be made, {failure}")),
    };

    on_a_pool("omission", &|pool| {
        let region = pool.id.split('_').next().unwrap_or_default().to_owned();
        let account = pool.account().to_owned();
        let around = Around { region, account, sender: sender.clone(), key: settings.key.clone() };
        omission::measure(pool, &around, MEMBERS, &findings);
    });
    on_a_pool("strangers", &|pool| strangers::measure(pool, &findings));
    on_a_pool("factors", &|pool| factors::measure(pool, &findings));
    if let Some(sender) = &sender {
        on_a_pool("sms", &|pool| factors::measure_sms(pool, sender, &findings));
    }
    if let Some(identity) = &settings.identity {
        on_a_pool("email", &|pool| factors::measure_email(pool, identity, &findings));
    }
    on_a_pool("rest", &|pool| rest::measure(pool, &findings));

    report.findings = findings.take();
    report.left = pools.delete();
    report
}

impl Sender {
    /// The sender as a request names it.
    fn configuration(&self) -> Json {
        let mut configuration = json!({"SnsCallerArn": self.role});
        if let Some(id) = &self.external_id {
            configuration["ExternalId"] = json!(id);
        }
        configuration
    }
}
