//! Opens pages of the tool in headless Chromium, points at them, types and taps, and takes pictures.
//!
//! Errors panic: this is for tests.

#![forbid(unsafe_code)]

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use headless_chrome::protocol::cdp::types::Event;
use headless_chrome::protocol::cdp::{Browser as Downloads, Emulation, Input, Network, Page as Document, Runtime};
use headless_chrome::{LaunchOptions, Tab};
use serde::de::DeserializeOwned;

mod tool;

pub use tool::{Run, tool};

/// A running Chromium. It ends when this is dropped.
pub struct Browser(headless_chrome::Browser);

/// A screen.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// In CSS pixels.
    pub width: u32,
    /// In CSS pixels.
    pub height: u32,
    /// Device pixels to a CSS pixel.
    pub scale: f64,
    /// Fingers instead of a mouse.
    pub touch: bool,
}

impl Screen {
    /// A laptop.
    pub const DESK: Self = Self { width: 1280, height: 900, scale: 1.0, touch: false };
    /// A phone, upright.
    pub const PHONE: Self = Self { width: 390, height: 844, scale: 2.0, touch: true };
    /// An A4 page without its margins.
    pub const PAPER: Self = Self { width: 718, height: 1047, scale: 1.0, touch: false };
}

/// How the user looks at the page.
#[derive(Clone, Copy, Debug)]
pub enum Look {
    /// On a screen, dark on light.
    Light,
    /// On a screen, light on dark.
    Dark,
    /// On paper, though the screen is dark.
    Print,
}

impl Browser {
    /// Starts the Chromium that `CHROMIUM` names, else the one that is installed.
    #[must_use]
    pub fn start() -> Self {
        let path = env::var_os("CHROMIUM").map(PathBuf::from);
        let options = LaunchOptions {
            path,
            // As root, as in containers, there is no sandbox.
            sandbox: !is_root(),
            args: vec![OsStr::new("--hide-scrollbars"), OsStr::new("--font-render-hinting=none")],
            idle_browser_timeout: Duration::from_secs(300),
            ..LaunchOptions::default()
        };
        Self(headless_chrome::Browser::new(options).expect("Chromium starts; scripts/browser installs it"))
    }

    /// Opens a page from a file and waits until it is loaded.
    #[must_use]
    pub fn open(&self, file: &Path, screen: Screen, look: Look) -> Page {
        let tab = self.0.new_tab().expect("a tab");
        let heard: Arc<Mutex<Heard>> = Arc::default();
        let ear = Arc::clone(&heard);
        let listener = move |event: &Event| ear.lock().expect("no panic in the listener").hear(event);
        tab.add_event_listener(Arc::new(listener)).expect("a listener");
        let page = Page { tab, heard, name: file.file_stem().unwrap_or_default().to_string_lossy().into_owned() };
        page.tab.enable_runtime().expect("the console is heard");
        page.tab.enable_log().expect("the log is heard");
        let network = Network::Enable {
            max_total_buffer_size: None,
            max_resource_buffer_size: None,
            max_post_data_size: None,
            report_direct_socket_traffic: None,
            enable_durable_messages: None,
        };
        page.call(network);
        page.show_on(screen);
        page.look(look);
        let file = file.canonicalize().expect("the page is written");
        page.tab.navigate_to(&format!("file://{}", file.display())).expect("the page opens");
        page.tab.wait_until_navigated().expect("the page is there");
        page
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// The page's console messages and requests.
#[derive(Clone, Default)]
struct Heard {
    complaints: Vec<String>,
    requests: Vec<String>,
}

impl Heard {
    fn hear(&mut self, event: &Event) {
        match event {
            Event::RuntimeConsoleAPICalled(call) => self.complaints.push(format!("{:?}", call.params.args)),
            Event::RuntimeExceptionThrown(thrown) => {
                self.complaints.push(format!("{:?}", thrown.params.exception_details));
            }
            Event::LogEntryAdded(entry) => self.complaints.push(entry.params.entry.text.clone()),
            Event::PageJavascriptDialogOpening(dialog) => self.complaints.push(dialog.params.message.clone()),
            Event::NetworkRequestWillBeSent(request) => self.requests.push(request.params.request.url.clone()),
            _ => {}
        }
    }
}

/// A page that is open.
pub struct Page {
    tab: Arc<Tab>,
    heard: Arc<Mutex<Heard>>,
    name: String,
}

impl Page {
    fn call<C>(&self, method: C) -> C::ReturnObject
    where
        C: headless_chrome::protocol::cdp::types::Method + serde::Serialize,
    {
        self.tab.call_method(method).expect("Chromium does it")
    }

    /// Changes the screen.
    pub fn show_on(&self, screen: Screen) {
        let Screen { width, height, scale, touch } = screen;
        self.call(Emulation::SetDeviceMetricsOverride {
            width,
            height,
            device_scale_factor: scale,
            mobile: touch,
            scale: None,
            screen_width: None,
            screen_height: None,
            position_x: None,
            position_y: None,
            dont_set_visible_size: None,
            screen_orientation: None,
            viewport: None,
            display_feature: None,
            device_posture: None,
        });
        self.call(Emulation::SetTouchEmulationEnabled { enabled: touch, max_touch_points: touch.then_some(1) });
    }

    /// Changes how the user looks at the page.
    pub fn look(&self, look: Look) {
        let (media, scheme) = match look {
            Look::Light => ("screen", "light"),
            Look::Dark => ("screen", "dark"),
            Look::Print => ("print", "dark"),
        };
        let feature = |name: &str, value: &str| Emulation::MediaFeature { name: name.into(), value: value.into() };
        self.call(Emulation::SetEmulatedMedia {
            media: Some(media.into()),
            features: Some(vec![feature("prefers-color-scheme", scheme), feature("prefers-reduced-motion", "reduce")]),
        });
    }

    /// The value of a JavaScript expression.
    #[track_caller]
    pub fn ask<T: DeserializeOwned>(&self, expression: &str) -> T {
        let answer = self.tab.evaluate(&format!("JSON.stringify({expression}) ?? 'null'"), false);
        let answer = answer.unwrap_or_else(|error| panic!("{expression}: {error}"));
        let text = answer.value.as_ref().and_then(|value| value.as_str());
        let text = text.unwrap_or_else(|| panic!("{expression}: {answer:?}"));
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{expression}: {error} in {text}"))
    }

    /// Runs a script to its end, and waits for its promise.
    #[track_caller]
    pub fn run(&self, script: &str) {
        let result = self.tab.evaluate(script, true).unwrap_or_else(|error| panic!("{script}: {error}"));
        assert!(result.subtype != Some(Runtime::RemoteObjectSubtype::Error), "{script}: {result:?}");
    }

    /// Runs a script that saves a file; returns the file's name and contents.
    #[track_caller]
    pub fn download(&self, script: &str) -> (String, String) {
        let folder = tool::pictures().join(format!("download-{}", self.tab.get_target_id()));
        fs::create_dir_all(&folder).expect("a folder for the download");
        let folder = folder.canonicalize().expect("a folder");
        self.call(Downloads::SetDownloadBehavior {
            behavior: Downloads::SetDownloadBehaviorBehaviorOption::Allow,
            browser_context_id: None,
            download_path: Some(folder.display().to_string()),
            events_enabled: None,
        });
        self.run(script);
        let is_whole = |file: &PathBuf| file.extension().is_some_and(|extension| extension == "jsonl");
        let mut looks = (0..600).map(|_| {
            let files = fs::read_dir(&folder).expect("a folder").map(|file| file.expect("a file").path());
            let found = files.filter(is_whole).collect::<Vec<_>>().pop();
            found.ok_or_else(|| thread::sleep(Duration::from_millis(50)))
        });
        let file = looks.find_map(Result::ok).unwrap_or_else(|| panic!("{script}: nothing was saved"));
        let text = fs::read_to_string(&file).expect("text");
        fs::remove_dir_all(&folder).expect("the folder goes away");
        (file.file_name().expect("a name").to_string_lossy().into_owned(), text)
    }

    /// The page's console messages.
    #[must_use]
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("no panic in the listener").complaints.clone()
    }

    /// Brings an element into view; its middle, as seen from the corner of the view.
    #[track_caller]
    fn middle(&self, selector: &str) -> (f64, f64) {
        let element = format!("document.querySelector({})", serde_json::json!(selector));
        assert!(self.ask::<bool>(&format!("{element} !== null")), "no {selector} in {}", self.name);
        let place = format!(
            "(e => {{ e.scrollIntoView({{block: 'nearest'}}); const r = e.getClientRects()[0]; \
             return [r.x + r.width / 2, r.y + r.height / 2] }})({element})"
        );
        let mut before = self.ask(&place);
        // Content that comes into view may take more or less room than was reserved for it.
        loop {
            self.run("new Promise(seen => requestAnimationFrame(() => requestAnimationFrame(seen)))");
            let now = self.ask(&place);
            if before == now {
                return now;
            }
            before = now;
        }
    }

    /// Points at the middle of the first element that matches.
    #[track_caller]
    pub fn point_at(&self, selector: &str) {
        let (x, y) = self.middle(selector);
        self.mouse(Input::DispatchMouseEventTypeOption::MouseMoved, x, y, None);
    }

    /// Clicks it.
    #[track_caller]
    pub fn click(&self, selector: &str) {
        self.point_at(selector);
        let (x, y) = self.middle(selector);
        self.mouse(Input::DispatchMouseEventTypeOption::MousePressed, x, y, Some(Input::MouseButton::Left));
        self.mouse(Input::DispatchMouseEventTypeOption::MouseReleased, x, y, Some(Input::MouseButton::Left));
    }

    fn mouse(&self, kind: Input::DispatchMouseEventTypeOption, x: f64, y: f64, button: Option<Input::MouseButton>) {
        self.call(Input::DispatchMouseEvent {
            Type: kind,
            x,
            y,
            modifiers: None,
            timestamp: None,
            click_count: button.is_some().then_some(1),
            button,
            buttons: None,
            force: None,
            tangential_pressure: None,
            tilt_x: None,
            tilt_y: None,
            twist: None,
            delta_x: None,
            delta_y: None,
            pointer_Type: None,
        });
    }

    /// Taps it with a finger.
    #[track_caller]
    pub fn tap(&self, selector: &str) {
        let (x, y) = self.middle(selector);
        let finger = Input::TouchPoint {
            x,
            y,
            radius_x: None,
            radius_y: None,
            rotation_angle: None,
            force: None,
            tangential_pressure: None,
            tilt_x: None,
            tilt_y: None,
            twist: None,
            id: None,
        };
        let touch = |kind, touch_points| Input::DispatchTouchEvent {
            Type: kind,
            touch_points,
            modifiers: None,
            timestamp: None,
        };
        self.call(touch(Input::DispatchTouchEventTypeOption::TouchStart, vec![finger]));
        self.call(touch(Input::DispatchTouchEventTypeOption::TouchEnd, Vec::new()));
    }

    /// Presses a key, named as in `KeyboardEvent.key`.
    #[track_caller]
    pub fn press(&self, key: &str) {
        self.tab.press_key(key).expect("a key that there is");
    }

    /// The page as a PDF file.
    #[must_use]
    pub fn pdf(&self) -> Vec<u8> {
        self.tab.print_to_pdf(None).expect("it prints")
    }

    /// Takes a picture of the visible part.
    pub fn picture(&self, name: &str) {
        self.take_picture(name, None);
    }

    /// Takes a picture of the whole page, however long; if the page scrolls inside, only of the visible part.
    pub fn whole_picture(&self, name: &str) {
        let (width, height) = self.ask("(e => [e.scrollWidth, e.scrollHeight])(document.documentElement)");
        self.take_picture(name, Some(Document::Viewport { x: 0.0, y: 0.0, width, height, scale: 1.0 }));
    }

    /// Types a text where the focus is.
    #[track_caller]
    pub fn type_text(&self, text: &str) {
        self.tab.type_str(text).expect("keys for a text");
    }

    /// Waits until a JavaScript expression is true.
    #[track_caller]
    pub fn wait_for(&self, expression: &str) {
        let is_so = (0..400).any(|_| {
            self.ask::<bool>(expression) || {
                thread::sleep(Duration::from_millis(25));
                false
            }
        });
        assert!(is_so, "{expression} in {}", self.name);
    }

    /// Takes a picture of an element, however long.
    #[track_caller]
    pub fn picture_of(&self, name: &str, selector: &str) {
        let element = format!("document.querySelector({})", serde_json::json!(selector));
        let (x, y, width, height) = self.ask(&format!(
            "(e => {{ e.scrollIntoView(); const r = e.getBoundingClientRect(); \
             return [r.x + scrollX, r.y + scrollY, r.width, r.height] }})({element})"
        ));
        self.take_picture(name, Some(Document::Viewport { x, y, width, height, scale: 1.0 }));
    }

    fn take_picture(&self, name: &str, clip: Option<Document::Viewport>) {
        let picture = Document::CaptureScreenshot {
            format: Some(Document::CaptureScreenshotFormatOption::Png),
            quality: None,
            capture_beyond_viewport: Some(clip.is_some()),
            clip,
            from_surface: Some(true),
            optimize_for_speed: None,
        };
        let picture = tool::from_base64(&self.call(picture).data);
        fs::write(tool::pictures().join(format!("{name}.png")), picture).expect("the picture is written");
    }

    /// Asserts that the page wrote nothing to the console, opened no dialog and requested nothing but itself.
    #[track_caller]
    pub fn assert_quiet(&self) {
        // Clones, so that the listener is not blocked.
        let heard = self.heard.lock().expect("no panic in the listener").clone();
        assert_eq!(heard.complaints, [] as [&str; 0], "{}", self.name);
        // A blob is part of the page.
        let asked: Vec<_> = heard.requests.iter().filter(|url| !url.starts_with("blob:")).collect();
        let [own] = &asked[..] else { panic!("{} asked for {asked:?}", self.name) };
        assert!(own.starts_with("file://"), "{own}");
    }
}
