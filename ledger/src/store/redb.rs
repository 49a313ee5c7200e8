//! The durable default: one `redb` file.
//!
//! - One table whose keys are ordered so that a log is written in order.
//! - A commit is durable when it returns; readers see snapshots and block nobody.
//! - The file is locked for one process.
//! - A damaged file gives a typed error. `redb` panics on some damage of its own pages (some one in a
//!   hundred flipped bytes), so every call into it is contained; this rests on unwinding, and a host
//!   that aborts on panic gives it up.

use super::{Rows, Store, StoreError, View, Write};
use redb::{
    Database, DatabaseError, ReadOnlyTable, ReadableDatabase, StorageError, TableDefinition, TableHandle,
};
use std::fs::{self, File};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

const TABLE: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("intent-ledger");

/// A crash-safe store in one file.
#[derive(Debug)]
pub struct RedbStore {
    /// There until the store is dropped.
    database: Option<Database>,
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
        let mut fresh = path.as_os_str().to_owned();
        fresh.push(".fresh");
        let fresh = PathBuf::from(fresh);
        let device = |error: std::io::Error| opening(path, DatabaseError::Storage(StorageError::Io(error)));
        if fresh.exists() {
            // What an earlier creation left, unless another process is about it right now.
            if let Err(DatabaseError::DatabaseAlreadyOpen) = Database::open(&fresh) {
                return Err(StoreError::Locked { path: fresh.display().to_string() });
            }
            fs::remove_file(&fresh).map_err(device)?;
        }
        contained(|| Database::create(&fresh).map_err(|error| opening(path, error)))
            .and_then(Self::with_database)
            .map_err(|error| naming(path, error))
            .map(drop)?;
        fs::rename(&fresh, path).map_err(device)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all()).map_err(device)?;
        Self::open(path)
    }

    /// The store at `path` if nothing stands in it: its founding was cut short.
    fn unfounded(path: &Path) -> Result<Self, StoreError> {
        let shown = path.display().to_string();
        let taken = || StoreError::Unreachable {
            path: shown.clone(),
            what: "a file stands there already".to_owned(),
        };
        let store = match Self::open(path) {
            Ok(store) => store,
            Err(StoreError::Locked { path }) => return Err(StoreError::Locked { path }),
            Err(_) => return Err(taken()),
        };
        let empty = store.view()?.rows_from(&[], &[])?.next().transpose()?.is_none();
        if empty { Ok(store) } else { Err(taken()) }
    }

    /// Opens the store at `path`, for this process alone `[STORE-4]`. A file that is none is left as it is.
    ///
    /// # Errors
    /// [`StoreError`] that names the path.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        contained(|| Database::open(path).map_err(|error| opening(path, error)))
            .and_then(Self::with_database)
            .map_err(|error| naming(path, error))
    }

    /// A store over any database, so that a host can bring its own backend.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the database holds tables of another application, which are left as
    /// they are; others as the backend fails.
    pub fn with_database(database: Database) -> Result<Self, StoreError> {
        let store = Self { database: Some(database) };
        contained(|| {
            let names = store.table_names()?;
            if names.iter().any(|name| name == TABLE.name()) {
                return Ok(());
            }
            if let Some(name) = names.first() {
                let what = format!("the database belongs to another application: it has the table {name:?}");
                return Err(StoreError::Damaged { what });
            }
            // Empty: fresh, or its creation was cut short here.
            let transaction = store.database()?.begin_write().map_err(fault)?;
            transaction.open_table(TABLE).map_err(fault)?;
            transaction.commit().map_err(fault)
        })?;
        Ok(store)
    }

    fn table_names(&self) -> Result<Vec<String>, StoreError> {
        let transaction = self.database()?.begin_read().map_err(fault)?;
        let ours = transaction.list_tables().map_err(fault)?.map(|table| table.name().to_owned());
        let multimaps = transaction.list_multimap_tables().map_err(fault)?;
        Ok(ours.chain(multimaps.map(|table| redb::MultimapTableHandle::name(&table).to_owned())).collect())
    }

    fn database(&self) -> Result<&Database, StoreError> {
        let closed = || StoreError::Device { what: "the database is closed".to_owned() };
        self.database.as_ref().ok_or_else(closed)
    }
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
            Ok(RedbView { table: transaction.open_table(TABLE).map_err(fault)? })
        })
    }
}

/// A snapshot of a [`RedbStore`].
#[derive(Debug)]
pub struct RedbView {
    table: ReadOnlyTable<&'static [u8], &'static [u8]>,
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

fn opening(path: &Path, error: DatabaseError) -> StoreError {
    let shown = path.display().to_string();
    match error {
        DatabaseError::DatabaseAlreadyOpen => StoreError::Locked { path: shown },
        DatabaseError::Storage(StorageError::Io(error)) => match error.kind() {
            std::io::ErrorKind::StorageFull => StoreError::Full,
            std::io::ErrorKind::InvalidData => {
                StoreError::Damaged { what: format!("it is not a store: {error}") }
            }
            _ => StoreError::Unreachable { path: shown, what: error.to_string() },
        },
        other => StoreError::Damaged { what: other.to_string() },
    }
}

fn fault(error: impl Into<redb::Error>) -> StoreError {
    match error.into() {
        redb::Error::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => StoreError::Full,
        redb::Error::Io(error) => StoreError::Device { what: error.to_string() },
        redb::Error::Corrupted(what) => StoreError::Damaged { what },
        other => StoreError::Device { what: other.to_string() },
    }
}
