//! Records every stanza that whatsapp-rust 0.7 decrypts and encrypts, as JSON lines: `{"time", "direction", "hex"}`.
//! How to use it, what is private in its output, and what was verified: `docs/frames.md`.
//!
//! The events of the client carry trees. The bytes of frames pass through the crypto provider, which a program may
//! replace: this one forwards every call to the client's own, and records what a connection's cipher encrypts and
//! decrypts.
//!
//! ```no_run
//! let counts = wabinary_hook_whatsapp_rust::record("frames.jsonl")?; // before anything else
//! // ... the bot runs ...
//! println!("{} received, {} sent, {} not written", counts.received(), counts.sent(), counts.failed());
//! # Ok::<(), std::io::Error>(())
//! ```

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use wacore_libsignal::crypto::{
    CryptoProviderError, GcmInPlaceBuffer, RustCryptoProvider, SignalCryptoProvider, TransportAead, set_crypto_provider,
};

static OWN: RustCryptoProvider = RustCryptoProvider;

/// The number of recorded stanzas.
#[derive(Default)]
pub struct Counts {
    received: AtomicU64,
    sent: AtomicU64,
    failed: AtomicU64,
}

impl Counts {
    /// Stanzas that were received and written to the file.
    pub fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// Stanzas that were sent and written to the file.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Stanzas that could not be written to the file. The client continues.
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }
}

/// Appends all stanzas from now on to a file. Call it before the client is built.
///
/// # Errors
///
/// If the file cannot be opened, or the program has used cryptography already and its provider is fixed.
pub fn record(path: impl AsRef<Path>) -> io::Result<Arc<Counts>> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    // Only the owner may read the file: it contains private data.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let counts = Arc::new(Counts::default());
    let recorder = Recorder { file: Mutex::new(options.open(path)?), counts: Arc::clone(&counts) };
    set_crypto_provider(Provider(Arc::new(recorder))).map_err(io::Error::other)?;
    Ok(counts)
}

struct Recorder {
    file: Mutex<File>,
    counts: Arc<Counts>,
}

impl Recorder {
    fn write(&self, direction: &str, frame: &[u8]) {
        let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let mut line = format!(r#"{{"time":{time:.3},"direction":"{direction}","hex":""#);
        for byte in frame {
            // Writing to a string does not fail.
            let _ = write!(line, "{byte:02x}");
        }
        line.push_str("\"}\n");
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let count = match (file.write_all(line.as_bytes()), direction) {
            (Err(_), _) => &self.counts.failed,
            (Ok(()), "send") => &self.counts.sent,
            (Ok(()), _) => &self.counts.received,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }
}

/// The cipher of a connection in one direction.
struct Watched {
    own: Box<dyn TransportAead>,
    recorder: Arc<Recorder>,
}

impl TransportAead for Watched {
    fn encrypt_in_place(
        &self,
        nonce: &[u8; 12],
        aad: &[u8],
        buffer: &mut dyn GcmInPlaceBuffer,
    ) -> Result<(), CryptoProviderError> {
        self.recorder.write("send", buffer.as_slice());
        self.own.encrypt_in_place(nonce, aad, buffer)
    }

    fn decrypt_in_place(
        &self,
        nonce: &[u8; 12],
        aad: &[u8],
        buffer: &mut dyn GcmInPlaceBuffer,
    ) -> Result<(), CryptoProviderError> {
        self.own.decrypt_in_place(nonce, aad, buffer)?;
        self.recorder.write("receive", buffer.as_slice());
        Ok(())
    }
}

struct Provider(Arc<Recorder>);

impl SignalCryptoProvider for Provider {
    fn aes_256_cbc_encrypt(
        &self,
        key: &[u8; 32],
        iv: &[u8; 16],
        plaintext: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), CryptoProviderError> {
        OWN.aes_256_cbc_encrypt(key, iv, plaintext, out)
    }

    fn aes_256_cbc_decrypt(
        &self,
        key: &[u8; 32],
        iv: &[u8; 16],
        ciphertext: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), CryptoProviderError> {
        OWN.aes_256_cbc_decrypt(key, iv, ciphertext, out)
    }

    fn aes_256_gcm_encrypt(
        &self,
        key: &[u8; 32],
        nonce: &[u8; 12],
        aad: &[u8],
        plaintext: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), CryptoProviderError> {
        OWN.aes_256_gcm_encrypt(key, nonce, aad, plaintext, out)
    }

    fn aes_256_gcm_decrypt(
        &self,
        key: &[u8; 32],
        nonce: &[u8; 12],
        aad: &[u8],
        ciphertext_with_tag: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), CryptoProviderError> {
        OWN.aes_256_gcm_decrypt(key, nonce, aad, ciphertext_with_tag, out)
    }

    fn hmac_sha256(&self, key: &[u8], input: &[u8]) -> [u8; 32] {
        OWN.hmac_sha256(key, input)
    }

    // The handshake does not use this: a connection's two ciphers do.
    fn transport_aead(&'static self, key: &[u8; 32]) -> Result<Box<dyn TransportAead>, CryptoProviderError> {
        Ok(Box::new(Watched { own: OWN.transport_aead(key)?, recorder: Arc::clone(&self.0) }))
    }
}
