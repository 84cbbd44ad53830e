//! A sandbox remembers pools, and answers like one that remembers none.

use std::fs::{self, File};
use std::path::Path as FsPath;
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

use crate::document::Json;
use crate::sandbox::folder::PoolFolder;
use crate::sandbox::state::State;

const IDS: [&str; 2] = ["eu-west-1_a", "eu-west-1_b"];

/// What people and programs do to the folder of a sandbox. Names have one length, so that texts have, too.
#[derive(Clone, Copy, Debug)]
enum Act {
    Edit(usize, u8),
    EditAndSetTimeBack(usize, u8),
    Replace(usize, u8),
    Write {
        by: usize,
        id: usize,
        name: u8,
    },
    Spoil(usize),
    Remove(usize),
    Rename(usize),
    HardLink(usize),
    Link(usize, u8),
    /// Longer than a step of the clock that stamps files.
    Wait,
}

fn acts() -> impl Strategy<Value = Act> {
    let (id, name) = (0..IDS.len(), 0..3u8);
    prop_oneof![
        4 => (id.clone(), name.clone()).prop_map(|(id, name)| Act::Edit(id, name)),
        2 => (id.clone(), name.clone()).prop_map(|(id, name)| Act::EditAndSetTimeBack(id, name)),
        2 => (id.clone(), name.clone()).prop_map(|(id, name)| Act::Replace(id, name)),
        4 => (0..2usize, id.clone(), name.clone()).prop_map(|(by, id, name)| Act::Write { by, id, name }),
        1 => id.clone().prop_map(Act::Spoil),
        1 => id.clone().prop_map(Act::Remove),
        1 => id.clone().prop_map(Act::Rename),
        1 => id.clone().prop_map(Act::HardLink),
        1 => (id, name).prop_map(|(id, name)| Act::Link(id, name)),
        2 => Just(Act::Wait),
    ]
}

fn text(id: &str, name: u8) -> String {
    json!({"UserPool": {"Id": id, "Name": format!("name{name}")}}).to_string()
}

impl Act {
    /// Does it. What cannot be done to the folder as it is changes nothing.
    fn take(self, dir: &FsPath, stores: &[PoolFolder; 2]) {
        let path = |id: usize| dir.join(format!("{}.json", IDS[id]));
        let draft = dir.join("draft");
        match self {
            Self::Edit(id, name) => drop(fs::write(path(id), text(IDS[id], name))),
            Self::EditAndSetTimeBack(id, name) => {
                let before = path(id).metadata().and_then(|found| found.modified());
                drop(fs::write(path(id), text(IDS[id], name)));
                let file = File::options().write(true).open(path(id));
                if let (Ok(before), Ok(file)) = (before, file) {
                    file.set_modified(before).unwrap();
                }
            }
            Self::Replace(id, name) => {
                fs::write(&draft, text(IDS[id], name)).unwrap();
                fs::rename(&draft, path(id)).unwrap();
            }
            Self::Write { by, id, name } => {
                if let Ok(Some(pool)) = stores[by].load(IDS[id]) {
                    let mut after = State::clone(&pool);
                    after.pool.insert("Name", json!(format!("name{name}")));
                    stores[by].save(IDS[id], after, &pool).unwrap();
                }
            }
            Self::Spoil(id) => drop(fs::write(path(id), "{")),
            Self::Remove(id) => drop(fs::remove_file(path(id))),
            Self::Rename(id) => drop(fs::rename(path(id), path(1 - id))),
            Self::HardLink(id) => {
                drop(fs::remove_file(path(1 - id)));
                drop(fs::hard_link(path(id), path(1 - id)));
            }
            Self::Link(id, name) => {
                fs::write(dir.join("target"), text(IDS[id], name)).unwrap();
                drop(fs::remove_file(path(id)));
                std::os::unix::fs::symlink("target", path(id)).unwrap();
            }
            Self::Wait => std::thread::sleep(Duration::from_millis(25)),
        }
    }
}

/// What a store says of everything there is.
fn told(store: &PoolFolder) -> Vec<String> {
    let pools = IDS.iter().map(|id| match store.load(id) {
        Ok(Some(pool)) => {
            let members = pool.pool.to_object();
            format!("{id}: {members:?} {:?} {:?} {}", State::clone(&pool), pool.described(), pool.listed())
        }
        Ok(None) => format!("{id}: none"),
        Err(error) => error.to_string(),
    });
    pools.chain([format!("{:?}", store.ids().unwrap())]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_to_the_files_a_store_answers_as_one_without_a_memory(acts in vec(acts(), 1..24)) {
        let dir = tempfile::tempdir().unwrap();
        let stores = [(); 2].map(|()| PoolFolder::of(dir.path()));
        for (nth, act) in acts.iter().enumerate() {
            act.take(dir.path(), &stores);
            let fresh = told(&PoolFolder::of(dir.path()));
            for store in &stores {
                prop_assert_eq!(told(store), fresh.clone(), "after {:?}", &acts[..=nth]);
            }
        }
    }
}

#[test]
fn a_pool_is_parsed_once_and_its_answer_is_made_once() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("eu-west-1_a.json"), text(IDS[0], 0)).unwrap();
    let store = PoolFolder::of(dir.path());
    let load = || store.load(IDS[0]).unwrap().unwrap();
    let (first, second) = (load(), load());
    assert!(std::sync::Arc::ptr_eq(&first, &second));
    assert_eq!(first.described().as_ptr(), second.described().as_ptr());
    let body: Json = serde_json::from_slice(&first.described()).unwrap();
    assert_eq!(body["UserPool"]["Name"], json!("name0"));
}
