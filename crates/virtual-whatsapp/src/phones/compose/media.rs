//! Files: sealed under a key of their own and put into the media store.

use waproto::whatsapp as wa;

use super::{Composer, one};
use crate::media::FileKind;

fn picture(composer: &mut Composer<'_>) -> wa::message::ImageMessage {
    let file = composer.file(FileKind::Image, "image/png");
    wa::message::ImageMessage {
        url: Some(file.url),
        direct_path: Some(file.path),
        mimetype: Some(file.mime),
        caption: composer.draft.caption.clone(),
        media_key: Some(file.key),
        file_sha256: Some(file.sha256),
        file_enc_sha256: Some(file.sealed_sha256),
        file_length: Some(file.length),
        media_key_timestamp: Some(composer.now_s()),
        width: Some(8),
        height: Some(8),
        ..Default::default()
    }
}

pub(super) fn image(composer: &mut Composer<'_>) -> wa::Message {
    wa::Message { image_message: one(picture(composer)), ..Default::default() }
}

fn film(composer: &mut Composer<'_>) -> wa::message::VideoMessage {
    let file = composer.file(FileKind::Video, "video/mp4");
    wa::message::VideoMessage {
        url: Some(file.url),
        direct_path: Some(file.path),
        mimetype: Some(file.mime),
        caption: composer.draft.caption.clone(),
        media_key: Some(file.key),
        file_sha256: Some(file.sha256),
        file_enc_sha256: Some(file.sealed_sha256),
        file_length: Some(file.length),
        media_key_timestamp: Some(composer.now_s()),
        seconds: Some(composer.draft.seconds.unwrap_or(5)),
        ..Default::default()
    }
}

pub(super) fn video(composer: &mut Composer<'_>) -> wa::Message {
    wa::Message { video_message: one(film(composer)), ..Default::default() }
}

pub(super) fn video_note(composer: &mut Composer<'_>) -> wa::Message {
    wa::Message { ptv_message: one(film(composer)), ..Default::default() }
}

pub(super) fn gif(composer: &mut Composer<'_>) -> wa::Message {
    let film = wa::message::VideoMessage { gif_playback: Some(true), ..film(composer) };
    wa::Message { video_message: one(film), ..Default::default() }
}

fn sound(composer: &mut Composer<'_>, mime: &str, voice: bool) -> wa::Message {
    let file = composer.file(FileKind::Audio, mime);
    let audio = wa::message::AudioMessage {
        url: Some(file.url),
        direct_path: Some(file.path),
        mimetype: Some(file.mime),
        ptt: Some(voice),
        seconds: Some(composer.draft.seconds.unwrap_or(7)),
        media_key: Some(file.key),
        file_sha256: Some(file.sha256),
        file_enc_sha256: Some(file.sealed_sha256),
        file_length: Some(file.length),
        media_key_timestamp: Some(composer.now_s()),
        ..Default::default()
    };
    wa::Message { audio_message: one(audio), ..Default::default() }
}

pub(super) fn audio(composer: &mut Composer<'_>) -> wa::Message {
    sound(composer, "audio/mpeg", false)
}

pub(super) fn voice(composer: &mut Composer<'_>) -> wa::Message {
    sound(composer, "audio/ogg; codecs=opus", true)
}

fn paper(composer: &mut Composer<'_>) -> wa::Message {
    let file = composer.file(FileKind::Document, "application/pdf");
    let name = composer.name("prices.pdf");
    let document = wa::message::DocumentMessage {
        url: Some(file.url),
        direct_path: Some(file.path),
        mimetype: Some(file.mime),
        title: Some(name.clone()),
        file_name: Some(name),
        caption: composer.draft.caption.clone(),
        media_key: Some(file.key),
        file_sha256: Some(file.sha256),
        file_enc_sha256: Some(file.sealed_sha256),
        file_length: Some(file.length),
        media_key_timestamp: Some(composer.now_s()),
        ..Default::default()
    };
    wa::Message { document_message: one(document), ..Default::default() }
}

pub(super) fn document(composer: &mut Composer<'_>) -> wa::Message {
    paper(composer)
}

pub(super) fn document_with_caption(composer: &mut Composer<'_>) -> wa::Message {
    let mut paper = paper(composer);
    if let Some(document) = paper.document_message.as_option_mut() {
        document.caption.get_or_insert_with(|| "Our prices".to_owned());
    }
    super::Wrapper::DocumentWithCaption.around(paper)
}

pub(super) fn sticker(composer: &mut Composer<'_>) -> wa::Message {
    let file = composer.file(FileKind::Image, "image/webp");
    let sticker = wa::message::StickerMessage {
        url: Some(file.url),
        direct_path: Some(file.path),
        mimetype: Some(file.mime),
        media_key: Some(file.key),
        file_sha256: Some(file.sha256),
        file_enc_sha256: Some(file.sealed_sha256),
        file_length: Some(file.length),
        ..Default::default()
    };
    wa::Message { sticker_message: one(sticker), ..Default::default() }
}

pub(super) fn lottie_sticker(composer: &mut Composer<'_>) -> wa::Message {
    super::Wrapper::LottieSticker.around(sticker(composer))
}

pub(super) fn sticker_pack(composer: &mut Composer<'_>) -> wa::Message {
    let pack = wa::message::StickerPackMessage {
        sticker_pack_id: Some(composer.id("pack-1")),
        name: Some(composer.name("Cats")),
        publisher: Some("Somebody".to_owned()),
        ..Default::default()
    };
    wa::Message { sticker_pack_message: one(pack), ..Default::default() }
}

pub(super) fn album(composer: &mut Composer<'_>) -> wa::Message {
    let album = wa::message::AlbumMessage {
        expected_image_count: Some(composer.draft.count.unwrap_or(2)),
        expected_video_count: Some(0),
        ..Default::default()
    };
    wa::Message { album_message: one(album), ..Default::default() }
}

pub(super) fn album_image(composer: &mut Composer<'_>) -> wa::Message {
    let mut message = image(composer);
    let association = wa::MessageAssociation {
        association_type: Some(wa::message_association::AssociationType::MEDIA_ALBUM),
        parent_message_key: composer.key(),
        ..Default::default()
    };
    let context = wa::MessageContextInfo { message_association: one(association), ..Default::default() };
    message.message_context_info = one(context);
    message
}
