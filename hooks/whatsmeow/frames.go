// Records every stanza that whatsmeow decrypts and encrypts, as JSON lines: {"time", "direction", "hex"}.
// patch.sh puts this file into a copy of whatsmeow. docs/frames.md says how to use it, what is private in its output,
// and what was verified.

package socket

import (
	"fmt"
	"os"
	"sync"
	"time"
)

var frames struct {
	sync.Mutex
	file                   *os.File
	received, sent, failed int
}

// RecordFrames appends all stanzas from now on to a file. What is recorded already goes on into the new one.
func RecordFrames(path string) error {
	// Only its owner reads what is private.
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	StopRecordingFrames()
	frames.Lock()
	defer frames.Unlock()
	frames.file = file
	return nil
}

// StopRecordingFrames closes the file. RecordedFrames still counts.
func StopRecordingFrames() {
	frames.Lock()
	defer frames.Unlock()
	if frames.file != nil {
		_ = frames.file.Close()
		frames.file = nil
	}
}

// RecordedFrames returns how many stanzas were received, how many sent, and how many could not be written.
func RecordedFrames() (received, sent, failed int) {
	frames.Lock()
	defer frames.Unlock()
	return frames.received, frames.sent, frames.failed
}

func recordFrame(direction string, frame []byte) {
	now := time.Now()
	frames.Lock()
	defer frames.Unlock()
	if frames.file == nil {
		return
	}
	// The client must work on whatever happens here.
	_, err := fmt.Fprintf(frames.file, "{\"time\":%d.%03d,\"direction\":%q,\"hex\":\"%x\"}\n",
		now.Unix(), now.Nanosecond()/1e6, direction, frame)
	switch {
	case err != nil:
		frames.failed++
	case direction == "send":
		frames.sent++
	default:
		frames.received++
	}
}
