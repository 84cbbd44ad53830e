//! Runs programs as a user would, in an empty folder and with nothing of this machine's environment.

pub(crate) mod fleet;
pub(crate) mod peers;
// Where it is, the tests of `src/cognito/write.rs` use it too.
#[path = "../wire_server.rs"]
pub(crate) mod server;
pub(crate) mod world;

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};
use std::{fs, thread};

use regex::Regex;
use tempfile::TempDir;

/// How long a run or the start of a server may take before its test fails.
const LIMIT: Duration = Duration::from_secs(60);

/// Runs a program on a terminal of so many columns, and types the keys, if any, once the mark appears. It needs nothing
/// that is installed: Python is started with `-S`, which takes half as long.
const ON_A_TERMINAL: &str = r"
import fcntl, os, pty, struct, sys, termios
size = struct.pack('HHHH', 50, int(sys.argv[1]), 0, 0)
mark, keys = (text.encode().decode('unicode_escape').encode() for text in sys.argv[2:4])
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, size)
    os.execv(sys.argv[4], sys.argv[4:])
seen = b''
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    os.write(1, data.replace(b'\r\n', b'\n'))
    seen += data
    if keys and mark in seen:
        os.write(terminal, keys)
        keys = b''
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
";

/// The folder with backups.
const BACKUPS: &str = ".poolctl/backups";
/// The ending of a file with the secret values of a backup.
pub(crate) const SECRETS: &str = ".secrets.json";

/// A fresh folder in which programs run; it goes with the test.
pub(crate) struct Workspace {
    folder: TempDir,
    /// What stands for what in [`Output`]: the text that differs between runs, and its name.
    names: Vec<(String, String)>,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut names = vec![(folder.path().display().to_string(), "[DIR]".to_owned())];
        let resolved = fs::canonicalize(folder.path()).unwrap().display().to_string();
        if resolved != names[0].0 {
            names.insert(0, (resolved, "[DIR]".to_owned()));
        }
        Self { folder, names }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, with the folders on the way to it.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// The names of the backups, without the files with their secret values.
    pub(crate) fn backups(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path().join(BACKUPS)) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.retain(|name| !name.ends_with(SECRETS));
        // Of two backups of one second, the later has a number behind its name.
        names.sort_by(|a, b| a.trim_end_matches(".json").cmp(b.trim_end_matches(".json")));
        names
    }

    /// The path of the one backup that there is.
    #[track_caller]
    pub(crate) fn backup(&self) -> PathBuf {
        let names = self.backups();
        let [name] = names.as_slice() else { panic!("not one backup: {names:?}") };
        self.path().join(BACKUPS).join(name)
    }

    /// From here on `text`, which differs between runs, shows as `name` in what programs print.
    pub(crate) fn name(&mut self, text: &str, name: &str) {
        self.names.push((text.to_owned(), name.to_owned()));
    }

    /// A run of the binary under test.
    pub(crate) fn poolctl<'a>(&'a self, arguments: impl IntoIterator<Item = &'a str>) -> Run<'a> {
        self.program(env!("CARGO_BIN_EXE_poolctl")).args(arguments)
    }

    /// A run of the binary on a terminal of so many columns, on which both of its streams come together.
    pub(crate) fn terminal(&self, columns: u16, arguments: &[&str]) -> Run<'_> {
        self.program("python3")
            .on_a_terminal(columns, ("", ""), env!("CARGO_BIN_EXE_poolctl"))
            .args(arguments)
    }

    /// A run of any other program, under the same conditions.
    pub(crate) fn program(&self, program: impl AsRef<Path>) -> Run<'_> {
        let mut command = Command::new(program.as_ref());
        command.current_dir(self.path());
        scrub_environment(&mut command, self.path());
        Run { workspace: self, command, stdin: Vec::new(), limit: LIMIT }
    }

    /// `text` without what differs between runs: this folder, ports, durations and dates.
    pub(crate) fn scrub(&self, text: &str) -> String {
        static PATTERNS: LazyLock<[(Regex, &str); 3]> = LazyLock::new(|| {
            [
                (r"\b(127\.0\.0\.1|localhost):[0-9]+", "$1:[PORT]"),
                (
                    r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}[:-][0-9]{2}[:-][0-9]{2}(\.[0-9]+)?(Z|\b)",
                    "[DATE]",
                ),
                (r"\b[0-9]+(\.[0-9]+)? ?(ms|µs|s)\b", "[TIME]"),
            ]
            .map(|(pattern, name)| (Regex::new(pattern).unwrap(), name))
        });
        let text = self.names.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
        PATTERNS.iter().fold(text, |text, (pattern, name)| pattern.replace_all(&text, *name).into_owned())
    }
}

/// Plays a story with each of these at once: for stories that mostly wait.
pub(crate) fn at_once<T: Send>(cases: impl IntoIterator<Item = T>, story: impl Fn(T) + Sync) {
    thread::scope(|scope| {
        for case in cases {
            let story = &story;
            scope.spawn(move || story(case));
        }
    });
}

/// Leaves of the environment nothing but the way to find programs.
///
/// Not what is known to disturb (`AWS_*`, `POOLCTL_*`, `CI`, `NO_COLOR`, `GITHUB_*`, proxies) but
/// everything is taken away, so that no list has to be kept up.
pub(crate) fn scrub_environment(command: &mut Command, home: &Path) {
    command.env_clear();
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command.env("HOME", home).env("LANG", "C.UTF-8");
    // Nobody answers there, and waiting for nobody takes seconds.
    command.env("AWS_EC2_METADATA_DISABLED", "true");
}

/// One run of a program that is about to be made.
pub(crate) struct Run<'a> {
    workspace: &'a Workspace,
    command: Command,
    stdin: Vec<u8>,
    limit: Duration,
}

impl Run<'_> {
    pub(crate) fn args<S: AsRef<std::ffi::OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Python then runs this program on a terminal, on which both of its streams come together, and types the keys,
    /// if any, once the mark appears.
    pub(crate) fn on_a_terminal(self, columns: u16, (mark, keys): (&str, &str), program: &str) -> Self {
        self.args(["-S", "-c", ON_A_TERMINAL, &columns.to_string(), mark, keys, program])
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Credentials that every emulator takes, and a pace at which no call waits: an emulator has no quotas.
    pub(crate) fn signed(self) -> Self {
        let signed = self.env("AWS_ACCESS_KEY_ID", "testing").env("AWS_SECRET_ACCESS_KEY", "testing");
        signed.env("POOLCTL_RATE", "1000000")
    }

    /// The same at the pace of its own that the program has.
    pub(crate) fn paced(mut self) -> Self {
        self.command.env_remove("POOLCTL_RATE");
        self
    }

    /// What the program reads; without this call, nothing.
    pub(crate) fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = text.into();
        self
    }

    /// How long the run may take.
    pub(crate) fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// The program, for a test that does not wait for its end.
    pub(crate) fn command(self) -> Command {
        self.command
    }

    /// Runs the program to its end; a run beyond its limit is killed, and the test fails.
    pub(crate) fn output(mut self) -> Output {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        let (mut stdin, text) = (child.stdin.take().unwrap(), std::mem::take(&mut self.stdin));
        // A program may end without having read it all.
        thread::spawn(move || stdin.write_all(&text));
        let (sender, chunks) = mpsc::channel();
        forward(child.stdout.take().unwrap(), Stream::Out, sender.clone());
        forward(child.stderr.take().unwrap(), Stream::Err, sender);

        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let deadline = Instant::now() + self.limit;
        loop {
            match chunks.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok((Stream::Out, chunk)) => stdout.extend(chunk),
                Ok((Stream::Err, chunk)) => stderr.extend(chunk),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    child.kill().unwrap();
                    let so_far = self.finish(child.wait().unwrap(), &stdout, &stderr);
                    panic!("{:?} was not done after {:?}\n{so_far}", self.command, self.limit);
                }
            }
        }
        self.finish(child.wait().unwrap(), &stdout, &stderr)
    }

    fn finish(&self, status: ExitStatus, stdout: &[u8], stderr: &[u8]) -> Output {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let (raw, stderr) = (text(stdout), self.workspace.scrub(&text(stderr)));
        Output { code: status.code(), stdout: self.workspace.scrub(&raw), raw, stderr }
    }
}

#[derive(Clone, Copy)]
enum Stream {
    Out,
    Err,
}

/// Sends what can be read, piece by piece, until there is no more.
fn forward(mut from: impl Read + Send + 'static, stream: Stream, to: Sender<(Stream, Vec<u8>)>) {
    thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            if to.send((stream, buffer[..length].to_vec())).is_err() {
                return;
            }
        }
    });
}

/// What a run left. Its `Display` is made for inline snapshots.
#[derive(Debug)]
pub(crate) struct Output {
    /// Nothing where a signal ended the program.
    pub(crate) code: Option<i32>,
    /// Without what differs between runs, see [`Workspace::scrub`].
    pub(crate) stdout: String,
    /// Without what differs between runs.
    pub(crate) stderr: String,
    /// What came on stdout, as it came: for machines to read.
    pub(crate) raw: String,
}

impl Output {
    /// Fails the test, showing everything, unless the program ended with `code`.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "the exit code is not {code}\n{self}");
        self
    }

    /// What came on stdout, as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.raw).unwrap_or_else(|error| panic!("no JSON on stdout: {error}\n{self}"))
    }
}

impl std::fmt::Display for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.code {
            Some(code) => writeln!(f, "exit {code}")?,
            None => writeln!(f, "ended by a signal")?,
        }
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                let mark = if text.ends_with('\n') { "" } else { "[no newline at the end]\n" };
                write!(f, "--- {name}\n{text}{mark}")?;
            }
        }
        Ok(())
    }
}

/// A program that serves until it is dropped, also when the test fails.
pub(crate) struct Server {
    child: Child,
    /// Ends with this process, however that ends; what runs in `tests/peers/serve.py` ends with it.
    _stdin: Option<ChildStdin>,
    url: String,
    log: Arc<Mutex<String>>,
}

impl Server {
    /// Starts a program that says its URL in its first line on stdout.
    pub(crate) fn start(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        let log = Arc::new(Mutex::new(String::new()));
        keep_log(child.stderr.take().unwrap(), Arc::clone(&log));
        let (sender, lines) = mpsc::channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                // Nobody waits for the later ones; but a program that cannot write may stop.
                drop(sender.send(line));
            }
        });
        let mut server = Self { _stdin: child.stdin.take(), child, url: String::new(), log };
        let line = lines.recv_timeout(LIMIT).unwrap_or_default();
        let url = Regex::new(r"https?://[^\s/]+").unwrap().find(&line).map(|url| url.as_str().to_owned());
        server.url = url.unwrap_or_else(|| panic!("{command:?} said no URL, but {line:?}"));
        server
    }

    /// Starts poolctl's own sandbox on a free port, with these arguments in addition.
    pub(crate) fn sandbox(workspace: &Workspace, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_poolctl"));
        command.current_dir(workspace.path()).args(["sandbox", "--port", "0"]).args(arguments);
        scrub_environment(&mut command, workspace.path());
        Self::start(command)
    }

    /// Where it listens, without a path.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The answer of a sandbox to a call of one of its own paths.
    pub(crate) fn control(&self, method: &str, path: &str) -> serde_json::Value {
        let address = self.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "{method} /_sandbox/{path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    /// How often an operation was called in a sandbox.
    pub(crate) fn calls(&self, operation: &str) -> u64 {
        self.control("GET", "calls")[operation].as_u64().unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
        if thread::panicking() {
            let log = self.log.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            eprintln!("--- what the server at {} logged\n{log}", self.url);
        }
    }
}

fn keep_log(mut from: impl Read + Send + 'static, log: Arc<Mutex<String>>) {
    thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let Ok(mut log) = log.lock() else { return };
            let _ = write!(log, "{}", String::from_utf8_lossy(&buffer[..length]));
        }
    });
}

mod tests {
    use super::*;

    #[test]
    fn a_run_sees_nothing_of_this_machine() {
        let workspace = Workspace::new();
        let run = workspace.program("env").env("PATH", "/usr/bin:/bin").output();
        let mut lines: Vec<_> = run.stdout.lines().collect();
        lines.sort_unstable();
        insta::assert_snapshot!(lines.join("\n"), @r"
        AWS_EC2_METADATA_DISABLED=true
        HOME=[DIR]
        LANG=C.UTF-8
        PATH=/usr/bin:/bin
        ");
    }

    #[test]
    #[should_panic(expected = "was not done after 100ms\nended by a signal\n--- stdout\nstarted\n")]
    fn a_run_that_hangs_is_ended_and_shows_what_it_said() {
        let script = "echo started; exec sleep 600";
        Workspace::new().program("sh").args(["-c", script]).limit(Duration::from_millis(100)).output();
    }

    #[test]
    fn a_run_reads_what_it_is_given_and_is_shown_without_what_differs_between_runs() {
        let mut workspace = Workspace::new();
        workspace.name("eu-west-1_a1B2c3D4E", "[POOL]");
        let text = "http://127.0.0.1:4711/ at 2026-11-23T05:36:44.123Z took 1.5s, 12 ms";
        let script = format!("cat; pwd; echo '{text}'; echo eu-west-1_a1B2c3D4E >&2; exit 3");
        let output = workspace.program("sh").args(["-c", &script]).stdin("given\n").output();
        insta::assert_snapshot!(output, @r"
        exit 3
        --- stdout
        given
        [DIR]
        http://127.0.0.1:[PORT]/ at [DATE] took [TIME], [TIME]
        --- stderr
        [POOL]
        ");
    }
}
