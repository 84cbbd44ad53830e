//! Long texts in which passwords of URLs are searched for.

use std::time::{Duration, Instant};

use poolctl::document::url::userinfos;

#[test]
fn a_long_text_takes_no_longer_than_its_length() {
    let often = |part: &str| part.repeat(1 << 17);
    for text in [
        often("http:"),
        often("http://"),
        often("http:") + " @",
        often("http:") + "@",
        "http:@".to_owned() + &often("http:"),
        often("http://h/") + "@",
        often("/") + "a:b@c",
    ] {
        let started = Instant::now();
        let found = userinfos(&text).count();
        let took = started.elapsed();
        assert!(found < 2 && took < Duration::from_secs(20), "{found} in {took:?}: {}…", &text[..9]);
    }
}
