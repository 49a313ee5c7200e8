//! The durable default: one file, in which a `redb` database lies on sealed blocks.
//!
//! - One table whose keys are ordered so that a log is written in order.
//! - A commit is durable when it returns; readers see snapshots and block nobody.
//! - The file is locked for one process, or for those that only look.
//! - A damaged page never reaches `redb`, which would panic on it or ask for gigabytes: see `sealed.rs`
//!   `[STORE-11]`. Its calls are contained all the same, in case it panics for a reason of its own.

use super::sealed::{Gauge, Sealed, is_damage};
use super::{Compaction, Holder, Rows, Store, StoreError, View, Write, rows};
use redb::backends::FileBackend;
use redb::{
    CompactionError, Database, DatabaseError, ReadOnlyDatabase, ReadOnlyTable, ReadableDatabase,
    StorageBackend, StorageError, TableDefinition, TableError,
};
use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

const TABLE: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("intent-ledger");

/// Rows that one commit of a backup writes.
const BACKUP_ROWS: usize = 16_384;

/// A crash-safe store in one file.
#[derive(Debug)]
pub struct RedbStore {
    /// There until the store is dropped.
    database: Option<Database>,
    gauge: Arc<Gauge>,
    _held: Option<Held>,
}

impl RedbStore {
    /// Creates a store at `path`, where no file may stand yet but a store in which nothing was founded.
    ///
    /// It is made under the name with `.fresh` added and renamed when it is whole, so that a stop in the
    /// middle leaves nothing at `path` `[STORE-10]`.
    ///
    /// # Errors
    /// [`StoreError`] that names the path.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        if path.exists() {
            return Self::unfounded(path);
        }
        Self::make(path, |_| Ok(()))?;
        Self::open(path)
    }

    /// Makes a whole store at `path`, where nothing stands, with what `fill` writes into it.
    fn make(path: &Path, fill: impl FnOnce(&mut Self) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let mut fresh = path.as_os_str().to_owned();
        fresh.push(".fresh");
        let fresh = PathBuf::from(fresh);
        let device = |error: std::io::Error| unreachable(path, &error);
        if fresh.exists() {
            // What an earlier creation left, unless somebody is about it right now.
            if let Err(locked @ StoreError::Locked { .. }) = Self::open(&fresh) {
                return Err(locked);
            }
            fs::remove_file(&fresh).map_err(device)?;
        }
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(&fresh).map_err(device)?;
        let backend = FileBackend::new(file).map_err(|error| opening(path, &error))?;
        let whole = Self::over(backend, Some(&fresh))
            .and_then(|mut store| fill(&mut store))
            .map_err(|error| naming(path, error));
        if let Err(error) = whole {
            // What is half made is of no use; if it cannot be removed, the next creation will.
            drop(fs::remove_file(&fresh));
            return Err(error);
        }
        fs::rename(&fresh, path).map_err(device)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all()).map_err(device)
    }

    /// The store at `path` if nothing stands in it: its founding was cut short.
    fn unfounded(path: &Path) -> Result<Self, StoreError> {
        let store = match Self::open(path) {
            Ok(store) => store,
            Err(locked @ StoreError::Locked { .. }) => return Err(locked),
            Err(_) => return Err(taken(path)),
        };
        let empty = store.view()?.rows_from(&[], &[])?.next().transpose()?.is_none();
        if empty { Ok(store) } else { Err(taken(path)) }
    }

    /// Opens the store at `path`, for this process alone `[STORE-4]`. A file that is none is left as it is.
    ///
    /// # Errors
    /// [`StoreError`] that names the path.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let file = OpenOptions::new().read(true).write(true).open(path);
        let backend = backend_of(path, file)?;
        Self::over(backend, Some(path)).map_err(|error| naming(path, error))
    }

    /// A store over a backend of the host's own: flash without a file system, or a device with faults in a test.
    /// An empty one becomes an empty store. What is written to it is sealed as a file is `[STORE-11]`.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when what stands there is no store, and it is left as it is; others as the
    /// backend fails.
    pub fn with_backend(backend: impl StorageBackend) -> Result<Self, StoreError> {
        Self::over(backend, None)
    }

    fn over(backend: impl StorageBackend, path: Option<&Path>) -> Result<Self, StoreError> {
        let (sealed, gauge) = Sealed::over(backend, true);
        let database = contained(|| {
            let opened = Database::builder().create_with_backend(sealed);
            opened.map_err(|error| path.map_or_else(|| unopened(&error), |path| opening(path, &error)))
        })?;
        gauge.opened();
        let store = Self { database: Some(database), gauge, _held: path.map(Held::take) };
        contained(|| {
            let transaction = store.database()?.begin_read().map_err(fault)?;
            match transaction.open_table(TABLE) {
                Ok(_) => return Ok(()),
                // Empty: fresh, or its creation was cut short here.
                Err(TableError::TableDoesNotExist(_)) => {}
                Err(error) => return Err(fault(error)),
            }
            let transaction = store.database()?.begin_write().map_err(fault)?;
            transaction.open_table(TABLE).map_err(fault)?;
            transaction.commit().map_err(fault)
        })?;
        Ok(store)
    }

    /// Writes a copy of all that is committed now to `path`, while this store stays open `[STORE-12]`.
    ///
    /// The copy is an ordinary store, as small as one can be. It never proves continuity: a ledger that is
    /// opened in it starts a new incarnation, whatever its host has recorded. It is made under the name with
    /// `.fresh` added and renamed when it is whole.
    ///
    /// ```
    /// use intent_ledger::{RedbStore, Store, View, Write};
    /// # let directory = tempfile::tempdir()?;
    /// # let (path, copy) = (directory.path().join("node.store"), directory.path().join("copy.store"));
    /// let mut store = RedbStore::create(&path)?;
    /// store.commit(vec![Write::Put(b"key".to_vec(), b"value".to_vec())])?;
    /// store.backup_to(&copy)?;
    /// let copy = RedbStore::open(&copy)?;
    /// assert_eq!(copy.view()?.get(b"key")?, Some(b"value".to_vec()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] when something stands at `path` already; others as a device fails.
    pub fn backup_to(&self, path: &Path) -> Result<(), StoreError> {
        if path.exists() {
            return Err(taken(path));
        }
        let view = self.view()?;
        Self::make(path, |copy| {
            let mut writes = Vec::new();
            for row in view.rows_from(&[], &[])? {
                let (key, value) = row?;
                let value = rows::without_continuity(&key, &value).unwrap_or(value);
                writes.push(Write::Put(key, value));
                if writes.len() == BACKUP_ROWS {
                    copy.commit(std::mem::take(&mut writes))?;
                }
            }
            copy.commit(writes)?;
            copy.compact().map(drop)
        })
    }

    /// Gives back to the file system what the file no longer needs `[STORE-13]`.
    ///
    /// It moves pages and commits as it goes, so that a stop at any moment loses nothing; the next call goes on
    /// from there. Its time follows the size of the file, and nothing else can use the store meanwhile.
    ///
    /// ```
    /// use intent_ledger::{RedbStore, Store, Write};
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path().join("node.store");
    /// let mut store = RedbStore::create(&path)?;
    /// let rows = |value: &[u8]| (0..200u8).map(|n| Write::Put(vec![n], value.to_vec())).collect();
    /// store.commit(rows(&[7; 9_000]))?;
    /// store.commit(rows(b"short"))?;
    /// let done = store.compact()?;
    /// assert!(done.after < done.before / 4, "{done:?}");
    /// assert_eq!(std::fs::metadata(&path)?.len(), done.after);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`StoreError::InUse`] while a view of this store lives; nothing is changed then. Others as the device
    /// fails: the handle can then no longer be used.
    pub fn compact(&mut self) -> Result<Compaction, StoreError> {
        let before = self.gauge.length();
        contained(|| {
            let database = self.database.as_mut().ok_or_else(closed)?;
            // One call stops where it finds nothing better; what it freed may make room for another.
            while database.compact().map_err(|error| match error {
                CompactionError::TransactionInProgress => StoreError::InUse,
                other => fault(other),
            })? {}
            Ok(())
        })?;
        Ok(Compaction { before, after: self.gauge.length() })
    }

    fn database(&self) -> Result<&Database, StoreError> {
        self.database.as_ref().ok_or_else(closed)
    }
}

fn closed() -> StoreError {
    StoreError::Device { what: "the database is closed".to_owned() }
}

impl Drop for RedbStore {
    fn drop(&mut self) {
        // Closing writes the allocator's state, which may meet damage too.
        let database = self.database.take();
        let closed = contained(|| {
            drop(database);
            Ok(())
        });
        // Nobody is left to be told; what was committed is durable.
        drop(closed);
    }
}

/// What a process has open: to tell it from what another one has `[STORE-4]`.
static HELD: Mutex<BTreeMap<PathBuf, usize>> = Mutex::new(BTreeMap::new());

/// That this process has a store open.
#[derive(Debug)]
struct Held {
    place: PathBuf,
}

impl Held {
    fn take(path: &Path) -> Self {
        let place = Self::place(path);
        let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
        *held.entry(place.clone()).or_insert(0) += 1;
        Self { place }
    }

    /// One place for one file, however it is named.
    fn place(path: &Path) -> PathBuf {
        fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
    }

    fn holder(path: &Path) -> Holder {
        let held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
        if held.contains_key(&Self::place(path)) { Holder::ThisProcess } else { Holder::AnotherProcess }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.place) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.place);
            }
        }
    }
}

impl Store for RedbStore {
    type View = RedbView;

    fn commit(&mut self, writes: Vec<Write>) -> Result<(), StoreError> {
        contained(|| {
            let transaction = self.database()?.begin_write().map_err(fault)?;
            {
                let mut table = transaction.open_table(TABLE).map_err(fault)?;
                for write in writes {
                    match write {
                        Write::Put(key, value) => table.insert(key.as_slice(), value.as_slice()),
                        Write::Delete(key) => table.remove(key.as_slice()),
                    }
                    .map_err(fault)?;
                }
            }
            transaction.commit().map_err(fault)
        })
    }

    fn view(&self) -> Result<RedbView, StoreError> {
        contained(|| {
            let transaction = self.database()?.begin_read().map_err(fault)?;
            Ok(RedbView { table: transaction.open_table(TABLE).map_err(fault)?, _looked: None })
        })
    }
}

/// A snapshot of a [`RedbStore`].
#[derive(Debug)]
pub struct RedbView {
    table: ReadOnlyTable<&'static [u8], &'static [u8]>,
    /// What keeps the file open that nobody writes; for a view of an open store, that store does.
    _looked: Option<Arc<Looked>>,
}

/// A file that is open for looking alone.
struct Looked {
    _database: ReadOnlyDatabase,
    held: Held,
}

impl fmt::Debug for Looked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Looked").field(&self.held.place).finish()
    }
}

impl RedbView {
    /// Looks at the store at `path`, which no process may have open for writing, and writes nothing `[STORE-14]`.
    ///
    /// Any number of processes may look at once; while one does, none can open the store for writing. So look at a
    /// [backup](RedbStore::backup_to) when it takes long.
    ///
    /// # Errors
    /// [`StoreError::Unclosed`] when the process that wrote it was stopped; others that name the path.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let backend = backend_of(path, File::open(path))?;
        let (sealed, _) = Sealed::over(backend, false);
        let look = || {
            let database = Database::builder()
                .open_read_only_with_backend(sealed)
                .map_err(|error| opening(path, &error))?;
            let held = Held::take(path);
            let transaction = database.begin_read().map_err(fault)?;
            let table = transaction.open_table(TABLE).map_err(fault)?;
            Ok(Self { table, _looked: Some(Arc::new(Looked { _database: database, held })) })
        };
        contained(look).map_err(|error| naming(path, error))
    }
}

impl View for RedbView {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        contained(|| Ok(self.table.get(key).map_err(fault)?.map(|value| value.value().to_vec())))
    }

    fn rows_from(&self, prefix: &[u8], from: &[u8]) -> Result<Rows<'_>, StoreError> {
        let start = prefix.max(from);
        let prefix = prefix.to_vec();
        let mut rows = Some(contained(|| self.table.range(start..).map_err(fault))?);
        let next = move || {
            let row = contained(|| match rows.as_mut().and_then(Iterator::next) {
                None => Ok(None),
                Some(row) => {
                    let (key, value) = row.map_err(fault)?;
                    Ok(Some((key.value().to_vec(), value.value().to_vec())))
                }
            });
            // A fault ends the reading: a broken page may be met for ever.
            if row.is_err() {
                rows = None;
            }
            row.transpose()
        };
        let inside = move |row: &Result<(Vec<u8>, Vec<u8>), StoreError>| {
            row.as_ref().map_or(true, |(key, _)| key.starts_with(&prefix))
        };
        Ok(Box::new(std::iter::from_fn(next).take_while(inside)))
    }
}

/// Runs a call into the database, whose panic on a damaged page becomes an error.
///
/// Half-done changes are never seen: what unwinds out of a commit drops its transaction, which aborts it,
/// and the ledger goes on with no handle whose commit failed.
fn contained<T>(call: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| {
        let told = panic.downcast_ref::<String>().map(String::as_str);
        let told = told.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no reason told");
        Err(StoreError::Damaged { what: format!("the database cannot read its own pages: {told}") })
    })
}

/// Puts the path in front of what is damaged.
fn naming(path: &Path, error: StoreError) -> StoreError {
    match error {
        StoreError::Damaged { what } => StoreError::Damaged { what: format!("{}: {what}", path.display()) },
        other => other,
    }
}

fn taken(path: &Path) -> StoreError {
    let what = "a file stands there already".to_owned();
    StoreError::Unreachable { path: path.display().to_string(), what }
}

fn backend_of(path: &Path, file: std::io::Result<File>) -> Result<FileBackend, StoreError> {
    let file = file.map_err(|error| unreachable(path, &error))?;
    let about = file.metadata().map_err(|error| unreachable(path, &error))?;
    if about.is_dir() {
        return Err(unreachable(path, &std::io::ErrorKind::IsADirectory.into()));
    }
    if about.len() == 0 {
        return Err(StoreError::Damaged { what: format!("{}: the file is empty", path.display()) });
    }
    FileBackend::new(file).map_err(|error| opening(path, &error))
}

fn unreachable(path: &Path, error: &std::io::Error) -> StoreError {
    match error.kind() {
        std::io::ErrorKind::StorageFull => StoreError::Full,
        _ => StoreError::Unreachable { path: path.display().to_string(), what: error.to_string() },
    }
}

/// Why the store at `path` could not be opened.
fn opening(path: &Path, error: &DatabaseError) -> StoreError {
    let shown = || path.display().to_string();
    match error {
        DatabaseError::DatabaseAlreadyOpen => {
            StoreError::Locked { path: shown(), holder: Held::holder(path) }
        }
        DatabaseError::RepairAborted => StoreError::Unclosed { path: shown() },
        DatabaseError::Storage(StorageError::Io(error)) if !is_damage(error) => unreachable(path, error),
        other => unopened(other),
    }
}

/// Why a backend could not be opened.
fn unopened(error: &DatabaseError) -> StoreError {
    match error {
        DatabaseError::Storage(StorageError::Io(error)) => of_device(error),
        other => StoreError::Damaged { what: other.to_string() },
    }
}

fn fault(error: impl Into<redb::Error>) -> StoreError {
    match error.into() {
        redb::Error::Io(error) => of_device(&error),
        redb::Error::Corrupted(what) => StoreError::Damaged { what },
        other => StoreError::Device { what: other.to_string() },
    }
}

fn of_device(error: &std::io::Error) -> StoreError {
    match error.kind() {
        std::io::ErrorKind::StorageFull => StoreError::Full,
        _ if is_damage(error) => StoreError::Damaged { what: error.to_string() },
        _ => StoreError::Device { what: error.to_string() },
    }
}
