//! Frames in any spelling, and damaged ones.

use arbitrary::{Result, Unstructured};
use wabinary::Node;

use crate::checks::{self, Setup};

/// A frame in any spelling decodes, and encodes to itself unless a finding says otherwise.
pub fn spelled(u: &mut Unstructured<'_>) -> Result<()> {
    let Some((options, node)) = decoded_tree(u)? else { return Ok(()) };
    let setup = Setup::of(options);
    let mut decoder = setup.decoder();
    let spelled = wabinary_generate::spell(u, node.as_ref(), setup.dictionary, setup.allow)?;
    let Ok(findings) = decoder.findings(&spelled.frame) else {
        let error = decoder.decode_slice(&spelled.frame).map(drop).expect_err("as just now");
        assert_eq!(error.kind().name(), "inflated-too-large", "{error}");
        return Ok(());
    };
    assert_eq!(decoder.decode_slice(&spelled.frame).expect("as just now"), node);
    assert_eq!(checks::rewritten(&findings), !spelled.canonical, "{findings:?}");
    let encoded = setup.encoder().encode(&node).expect("it encoded before");
    assert_eq!(encoded == spelled.frame, spelled.canonical, "{findings:?}");
    let input = [&[options], spelled.frame.as_slice()].concat();
    checks::decode(&input);
    checks::roundtrip_bytes(&input);
    // A shorter or longer input is not a frame.
    let cut = u.choose_index(spelled.frame.len())?;
    assert!(decoder.decode_slice(&spelled.frame[..cut]).is_err());
    let more = [spelled.frame.as_slice(), &[u.arbitrary()?]].concat();
    assert!(decoder.decode_slice(&more).is_err());
    Ok(())
}

/// Any bytes are refused in place or obey law 2.
pub fn damaged(u: &mut Unstructured<'_>) -> Result<()> {
    let mut input = vec![u.arbitrary()?];
    if u.ratio(7, 8)? {
        let Some((options, node)) = decoded_tree(u)? else { return Ok(()) };
        let setup = Setup::of(options);
        input[0] = options;
        let mut frame = wabinary_generate::spell(u, node.as_ref(), setup.dictionary, setup.allow)?.frame;
        wabinary_generate::damage::bytes(u, &mut frame)?;
        input.extend(frame);
    } else {
        input.extend(u.bytes(u.len().min(60))?);
    }
    checks::decode(&input);
    checks::roundtrip_bytes(&input);
    Ok(())
}

/// Options, and a tree as a decoder returns it under them: without text contents that have no coded form.
fn decoded_tree(u: &mut Unstructured<'_>) -> Result<Option<(u8, Node)>> {
    let options = u.arbitrary()?;
    let setup = Setup::of(options);
    // A tree takes all the bytes that it gets.
    let mut half = Unstructured::new(u.bytes(u.len() / 2)?);
    let node = checks::tree_for(setup, &mut half)?;
    let Ok(frame) = setup.encoder().encode(&node) else { return Ok(None) };
    let node = setup.decoder().decode(frame).expect("what was encoded decodes").to_node();
    Ok(Some((options, node)))
}
