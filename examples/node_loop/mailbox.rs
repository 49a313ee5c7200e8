//! Two folders as a link: each side puts bundles into the other's inbox and shows its frontier.
//!
//! Any carrier will do: what is lost, cut or repeated here does no harm, and comes again.

use crate::Teller;
use crate::place::{NodeError, Place, io_failed};
use intent_ledger::bounds::ABSORB_BYTES_MAX;
use intent_ledger::contracts::Digest;
use intent_ledger::{Frontier, Ledger, RedbStore};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// One end of the link.
pub(crate) struct Mailbox {
    own: PathBuf,
    peer: PathBuf,
    /// The own state and the peer's frontier when something was last sent.
    sent: Option<(Digest, Vec<u8>)>,
    shown: Option<Digest>,
}

impl Mailbox {
    pub(crate) fn between(place: &Place, own: &str, peer: &str) -> Self {
        Self { own: place.folder(own), peer: place.folder(peer), sent: None, shown: None }
    }

    /// Absorbs what lies in the inbox; tells whether anything was new.
    pub(crate) fn fetch(
        &self,
        ledger: &mut Ledger<RedbStore>,
        place: &Place,
        teller: &mut Teller,
    ) -> Result<bool, NodeError> {
        let inbox = self.own.join("inbox");
        let entries = fs::read_dir(&inbox).map_err(|error| io_failed(&inbox, &error))?;
        let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "bundle"));
        files.sort();
        let mut fresh = false;
        for path in files {
            let bytes = fs::read(&path).map_err(|error| io_failed(&path, &error))?;
            let bytes = &bytes[..bytes.len().min(ABSORB_BYTES_MAX)];
            let report = ledger.absorb(bytes, place.now())?;
            fresh |= report.new_entries + report.new_notices + report.ended_logs > 0;
            if report.refused_total() > 0 || report.stopped.is_some() {
                let first = report.refusals.first().map(|refused| refused.refusal.to_string());
                let why = report.stopped.map(|refusal| refusal.to_string()).or(first).unwrap_or_default();
                teller.tell("refused", &format!("{}: {why}", path.display()), &json!({}));
            }
            fs::remove_file(&path).map_err(|error| io_failed(&path, &error))?;
        }
        Ok(fresh)
    }

    /// Shows the own frontier, and sends what the peer's lacks.
    pub(crate) fn post(&mut self, ledger: &mut Ledger<RedbStore>) -> Result<(), NodeError> {
        let state = ledger.state_digest();
        if self.shown != Some(state) {
            replace(&self.own.join("frontier"), &ledger.frontier().encode())?;
            self.shown = Some(state);
        }
        let shown = fs::read(self.peer.join("frontier")).unwrap_or_default();
        if self.sent.as_ref() == Some(&(state, shown.clone())) {
            return Ok(());
        }
        let unknown = || Frontier::unknown(&ledger.ledger_id(), ledger.interests().to_vec());
        let frontier = Frontier::decode(&shown).unwrap_or_else(|_| unknown());
        ledger.hear(&frontier)?;
        let bundle = ledger.bundle(&frontier, ABSORB_BYTES_MAX)?;
        if !bundle.bytes.is_empty() {
            let name = format!("{}.bundle", Digest::of(&bundle.bytes));
            replace(&self.peer.join("inbox").join(name), &bundle.bytes)?;
        }
        self.sent = Some((state, shown));
        Ok(())
    }
}

/// Writes a file that is there whole or not at all.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), NodeError> {
    let fresh = path.with_extension("fresh");
    let written = fs::write(&fresh, bytes).and_then(|()| fs::rename(&fresh, path));
    written.map_err(|error| io_failed(path, &error))
}
