//! Where a node and its custodian live on a disk, their clock and randomness, and what can go wrong there.

use intent_ledger::contracts::kinds::{Mode, Resource};
use intent_ledger::contracts::{
    Charter, CharterError, CharterGive, CharterParameters, CharterRoot, Clock, Footprint, Label, Lane,
    Measure, Millis, Refusal, ResourcePath, Scope, SecretKey, Signer as _, Tai, Window,
};
use intent_ledger::{
    AppendError, FirstLogs, Host, Ledger, LedgerError, RedbStore, StoreError, WitnessFile, WriteError,
};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The folder of the node, and the one of its custodian.
pub(crate) const NODE: &str = "node";
pub(crate) const CUSTODIAN: &str = "custodian";
/// Where both work.
pub(crate) const CELL: &str = "yard/cell-1";
/// How far this host trusts its clock: within the charter's bound.
const CLOCK_ERROR: Millis = Millis(50);
/// TAI is ahead of UTC by so many seconds since 2017.
const TAI_MINUS_UTC: Millis = Millis(37_000);

/// What a node could not do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NodeError {
    #[error("{what}")]
    Usage { what: String },
    #[error("{path}: {what}; name an empty folder, or one that this example founded")]
    Directory { path: String, what: String },
    #[error("{path} is in use by another process; stop that one first")]
    Busy { path: String },
    #[error("{path}: {error}")]
    Charter { path: String, error: CharterError },
    #[error("no randomness: {what}; a node without it must not write")]
    Entropy { what: String },
    #[error(transparent)]
    Ledger(LedgerError),
    #[error(transparent)]
    Append(#[from] AppendError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("{0}")]
    Refused(#[from] Refusal),
    #[error("the story stopped where {wanted} was to happen: {what}")]
    Story { wanted: String, what: String },
}

impl From<LedgerError> for NodeError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Store(StoreError::Locked { path, .. }) => Self::Busy { path },
            other => Self::Ledger(other),
        }
    }
}

impl From<StoreError> for NodeError {
    fn from(error: StoreError) -> Self {
        LedgerError::from(error).into()
    }
}

/// A founded folder.
pub(crate) struct Place {
    directory: PathBuf,
    pub(crate) charter: Charter,
    clock_ahead: Millis,
}

impl Place {
    /// The place in `directory`; an empty or missing one is founded with new keys.
    pub(crate) fn at(directory: &Path, clock_ahead_ms: u64) -> Result<Self, NodeError> {
        let failed = |error: std::io::Error| io_failed(directory, &error);
        fs::create_dir_all(directory).map_err(failed)?;
        let path = directory.join("charter.cbor");
        if !path.exists() {
            if fs::read_dir(directory).map_err(failed)?.next().is_some() {
                let what = "it holds files and no charter.cbor".to_owned();
                return Err(NodeError::Directory { path: directory.display().to_string(), what });
            }
            found(directory)?;
        }
        let bytes = fs::read(&path).map_err(failed)?;
        let charter = Charter::decode(&bytes)
            .map_err(|error| NodeError::Charter { path: path.display().to_string(), error })?;
        Ok(Self { directory: directory.to_owned(), charter, clock_ahead: Millis(clock_ahead_ms) })
    }

    pub(crate) fn folder(&self, who: &str) -> PathBuf {
        self.directory.join(who)
    }

    pub(crate) fn store(&self, who: &str) -> PathBuf {
        self.folder(who).join("store.redb")
    }

    /// The own clock: a reading and how far it may err.
    pub(crate) fn now(&self) -> Clock {
        Clock::new(system_tai().plus(self.clock_ahead), CLOCK_ERROR)
    }

    pub(crate) fn key(&self, who: &str) -> Result<SecretKey, NodeError> {
        let path = self.folder(who).join("key");
        let bytes = fs::read(&path).map_err(|error| io_failed(&path, &error))?;
        let seed: [u8; 32] = bytes.try_into().map_err(|_| NodeError::Directory {
            path: path.display().to_string(),
            what: "a key file holds 32 bytes".to_owned(),
        })?;
        Ok(SecretKey::from_seed(seed))
    }

    /// Opens the ledger of one of the two, or creates it on the first run.
    ///
    /// The witness lies beside the store here; in earnest it is kept where no backup of the store reaches,
    /// and the key in a device `[ASM-4]`.
    pub(crate) fn open(&self, who: &str) -> Result<Ledger<RedbStore>, NodeError> {
        let path = self.store(who);
        if path.exists() {
            match Ledger::open(RedbStore::open(&path)?, &self.charter, self.host(who)?) {
                // The first run was stopped before it founded the ledger [STORE-10].
                Err(LedgerError::NotFounded) => {}
                opened => return Ok(opened?),
            }
        }
        // The first run: the custodian opens the log that the charter names, this once [INC-5].
        let first = FirstLogs::all(&self.charter, &self.key(who)?.author());
        let store = RedbStore::create(&path)?;
        Ok(Ledger::found(store, &self.charter, vec![cell()?], self.host(who)?, &first)?)
    }

    fn host(&self, who: &str) -> Result<Host, NodeError> {
        Ok(Host {
            signer: Box::new(self.key(who)?),
            continuity: Box::new(WitnessFile::at(&self.folder(who).join("witness"))),
            entropy: Box::new(ChaCha12Rng::from_seed(random_seed()?)),
        })
    }
}

pub(crate) fn io_failed(path: &Path, error: &std::io::Error) -> NodeError {
    NodeError::Directory { path: path.display().to_string(), what: error.to_string() }
}

/// The scope of the cell, which is all that its two members hold.
pub(crate) fn cell() -> Result<Scope, Refusal> {
    Scope::parse(CELL)
}

/// The one thing that only one machine may use at a time.
pub(crate) fn gantry() -> Result<Resource, Refusal> {
    Ok(Resource {
        scope: cell()?,
        path: ResourcePath::parse("gantry")?,
        measure: Measure::Exclusive,
        unit: Label::try_from("1".to_owned())?,
        scale: (1, 1),
        frame: Label::try_from("cell".to_owned())?,
        stopping_time: Millis(200),
        strictest_mode: Mode::Degraded,
    })
}

/// Writes keys and a charter: the custodian is its root, whose log holds the gantry for a month.
fn found(directory: &Path) -> Result<(), NodeError> {
    for who in [CUSTODIAN, NODE] {
        let folder = directory.join(who);
        let write =
            |path: &Path, bytes: &[u8]| fs::write(path, bytes).map_err(|error| io_failed(path, &error));
        fs::create_dir_all(folder.join("inbox")).map_err(|error| io_failed(&folder, &error))?;
        write(&folder.join("key"), &random_seed()?)?;
    }
    let path = directory.join(CUSTODIAN).join("key");
    let seed = fs::read(&path).map_err(|error| io_failed(&path, &error))?;
    let root = SecretKey::from_seed(seed.try_into().unwrap_or([0; 32])).author();
    let start = system_tai();
    let until = start.plus(Millis::days(400));
    let parameters = CharterParameters {
        clock_error: Millis(1_000),
        information_age: Millis::days(2),
        settlement: Millis::days(1),
        longest_lease: Millis::days(1),
        guard: Millis(2_000),
        ..CharterParameters::default()
    };
    let refused = |error| NodeError::Charter { path: directory.display().to_string(), error };
    let roots = vec![CharterRoot::new(root, 1 << 30, 8)];
    let charter = Charter::new("yard", roots, 1, until, parameters, random_seed()?).map_err(refused)?;
    let window = Window::new(start.minus(Millis::HOUR), start.plus(Millis::days(30)))?;
    let whole = CharterGive {
        footprint: Footprint::open(gantry()?.id(), Measure::Exclusive, window, 1),
        root: 0,
        lane: Lane::Productivity,
        incarnation: 1,
        end: until,
        every: Millis(0),
        repeats: 0,
        last_assignable: None,
    };
    let charter = charter.with_gives(vec![whole]).map_err(refused)?;
    // Last, so that a folder with a charter is a whole one.
    let path = directory.join("charter.cbor");
    fs::write(&path, charter.bytes()).map_err(|error| io_failed(&path, &error))
}

/// Thirty-two bytes of the operating system's randomness.
fn random_seed() -> Result<[u8; 32], NodeError> {
    let mut seed = [0; 32];
    let read = fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut seed));
    read.map_err(|error| NodeError::Entropy { what: error.to_string() })?;
    // Once through the generator, so that what is handed out is not what the system gave.
    ChaCha12Rng::from_seed(seed).fill_bytes(&mut seed);
    Ok(seed)
}

#[expect(clippy::disallowed_methods, reason = "a host brings the clock")]
fn system_tai() -> Tai {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Tai(u64::try_from(since.as_millis()).unwrap_or(u64::MAX)).plus(TAI_MINUS_UTC)
}
