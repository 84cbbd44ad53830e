//! Where the symbolic links on the way to a file lead.

use std::io;
use std::path::{Component, Path, PathBuf};

use super::{LeadsOut, LostLink, Root};

/// The most links that are followed on one way; systems follow no more either.
const MOST: u8 = 40;

impl Root {
    /// Checks every symbolic link on the way to `path`, which need not exist.
    ///
    /// # Errors
    /// When a link inside of a checkout leads out of it.
    pub fn check(&self, path: &Path) -> io::Result<()> {
        match (path.parent(), path.components().next_back()) {
            (Some(folder), Some(name @ Component::Normal(_))) if self.folders.is_some() => {
                self.step(self.folder(folder)?, name, &mut 0).map(drop)
            }
            _ => self.real(path).map(drop),
        }
    }

    /// The absolute path, without links, to which `path` leads from `folder`. Neither need exist.
    ///
    /// # Errors
    /// When a link inside of a checkout leads out of it.
    pub fn leads_to(&self, folder: &Path, path: &Path) -> io::Result<PathBuf> {
        path.components().try_fold(self.folder(folder)?, |real, part| self.step(real, part, &mut 0))
    }

    /// The absolute path of a folder, without links.
    ///
    /// # Errors
    /// When a link inside of a checkout leads out of it.
    pub fn folder(&self, folder: &Path) -> io::Result<PathBuf> {
        let find = || self.real(&Path::new(".").join(folder));
        match &self.folders {
            Some(folders) => folders.real.of(folder, find),
            None => find(),
        }
    }

    /// The absolute path of a file, without links.
    pub(super) fn real(&self, path: &Path) -> io::Result<PathBuf> {
        // The system says itself what is wrong with an empty path.
        let Ok(path) = std::path::absolute(path) else { return Ok(path.to_owned()) };
        self.followed(&path, &mut 0)
    }

    /// An absolute path without links and without `..`.
    fn followed(&self, path: &Path, links: &mut u8) -> io::Result<PathBuf> {
        path.components().try_fold(PathBuf::new(), |real, part| self.step(real, part, links))
    }

    /// The path without links to which `part` leads from the folder `real`.
    fn step(&self, mut real: PathBuf, part: Component<'_>, links: &mut u8) -> io::Result<PathBuf> {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(real.pop()),
            Component::RootDir | Component::Prefix(_) => real.push(part),
            Component::Normal(name) => {
                let at = real.join(name);
                real = match at.read_link() {
                    Ok(_) if *links == MOST => return Err(LostLink::Circle(shown(&at)).into()),
                    Ok(target) => {
                        *links += 1;
                        let target = self.followed(&real.join(target), links)?;
                        self.judge(&at, &real, &target)?;
                        target
                    }
                    Err(_) => at,
                };
            }
        }
        Ok(real)
    }

    /// Judges the link `link`, which lies in `folder`; neither it nor `target` has further links on its way.
    fn judge(&self, link: &Path, folder: &Path, target: &Path) -> io::Result<()> {
        let Some(root) = self.of_links(folder) else { return Ok(()) };
        if target.starts_with(&root) || self.named.as_ref().is_some_and(|named| target.starts_with(named)) {
            return Ok(());
        }
        let error =
            LeadsOut { link: shown(link), target: target.to_owned(), root, can_be_named: self.can_be_named };
        Err(io::Error::other(error))
    }
}

/// A path as seen from the current folder.
fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).ok();
    here.and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path).to_owned()
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::files::remedy;

    /// A checkout with a folder, and a file and a folder next to the checkout.
    fn world() -> (tempfile::TempDir, PathBuf) {
        let world = tempfile::tempdir().unwrap();
        let top = world.path().canonicalize().unwrap();
        fs::create_dir_all(top.join("checkout/.git")).unwrap();
        fs::create_dir_all(top.join("checkout/pools/deep")).unwrap();
        fs::create_dir_all(top.join("elsewhere")).unwrap();
        fs::write(top.join("elsewhere/file"), "").unwrap();
        (world, top)
    }

    #[test]
    fn a_link_in_a_checkout_leads_nowhere_outside_of_it() {
        let (_world, top) = world();
        let pools = top.join("checkout/pools");
        let remembering = Root::default().remembering();
        for (link, target, leads_out) in [
            ("up", "../../elsewhere/file", true),
            ("absolute", top.join("elsewhere/file").to_str().unwrap(), true),
            ("folder", "../../elsewhere", true),
            ("dangling", "../../elsewhere/new", true),
            ("climber", "deep/../../../elsewhere/file", true),
            ("chain", "up", true),
            ("device", "/dev/null", true),
            ("inside", "../pools/deep", false),
            ("own", "deep/new", false),
            // It leads nowhere at all.
            ("self", "self", true),
        ] {
            symlink(target, pools.join(link)).unwrap();
            for path in [pools.join(link), pools.join(link).join("x"), pools.join("deep/..").join(link)] {
                for root in [&Root::default(), &remembering, &remembering] {
                    assert_eq!(root.check(&path).is_err(), leads_out, "{}", path.display());
                }
            }
        }
        assert!(Root::default().check(&top.join("elsewhere/file")).is_ok());
        let error = Root::default().check(&pools.join("folder/file")).unwrap_err();
        let (pools, top) = (pools.display(), top.display());
        let expected = format!(
            "the symbolic link `{pools}/folder` points to `{top}/elsewhere`, outside of `{top}/checkout`"
        );
        assert_eq!(error.to_string(), expected);
        assert!(!remedy(&error, "").contains("--root"));
    }

    #[test]
    fn a_link_that_belongs_to_the_machine_is_followed() {
        let (_world, top) = world();
        symlink("checkout/pools", top.join("short")).unwrap();
        symlink("elsewhere/file", top.join("loose")).unwrap();
        for path in ["/dev/stdout", "/dev/fd/0", "/proc/self/fd/0", "/proc/self/cwd"] {
            assert!(Root::default().check(Path::new(path)).is_ok(), "{path}");
        }
        assert!(Root::default().check(&top.join("short/new")).is_ok());
        assert!(Root::default().check(&top.join("loose")).is_ok());
        // Links behind a link are judged too.
        symlink("../../elsewhere/file", top.join("checkout/pools/out")).unwrap();
        assert!(Root::default().check(&top.join("short/out")).is_err());
    }

    #[test]
    fn a_link_that_a_search_finds_stays_in_the_folder_where_no_checkout_is_around() {
        let (_world, top) = world();
        symlink("../checkout/pools", top.join("elsewhere/link")).unwrap();
        let (link, root) = (top.join("elsewhere/link"), Root::default());
        assert!(root.check(&link).is_ok() && root.searching(&top).check(&link).is_ok());
        assert!(root.searching(&top.join("elsewhere")).check(&link).is_err());
    }

    #[test]
    fn a_named_root_opens_what_lies_in_it_and_nothing_else() {
        let (_world, top) = world();
        let link = top.join("checkout/pools/out");
        symlink("../../elsewhere/file", &link).unwrap();
        let check = |root: &str| Root::of(Some(&top.join(root))).check(&link);
        assert!(check("").is_ok() && check("elsewhere").is_ok());
        let error = check("checkout").unwrap_err();
        assert!(remedy(&error, "").contains("--root"), "{error}");
        assert!(check("checkout/pools/deep").is_err());
    }
}
