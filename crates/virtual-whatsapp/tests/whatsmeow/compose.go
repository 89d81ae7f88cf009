package main

import (
	"context"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

func sprintf(text string, args ...any) string { return fmt.Sprintf(text, args...) }

// compose makes a message of a kind as users of whatsmeow make it. `Of` is the message that some kinds are about.
func compose(ctx context.Context, client *whatsmeow.Client, command command, to types.JID) (*waE2E.Message, error) {
	text := proto.String
	wrapped := func(inner *waE2E.Message) *waE2E.FutureProofMessage { return &waE2E.FutureProofMessage{Message: inner} }
	quoted := &waE2E.ContextInfo{
		StanzaID: text(command.Of), Participant: text(to.String()),
		QuotedMessage: &waE2E.Message{Conversation: text("what was said")},
	}
	own := client.Store.ID.ToNonAD()
	key := &waCommon.MessageKey{RemoteJID: text(to.String()), FromMe: proto.Bool(true), ID: text(command.Of)}
	picture := []byte("a picture, as far as the server knows")
	switch command.Send {
	case "text":
		return &waE2E.Message{Conversation: text("Habari")}, nil
	case "long_text":
		long := make([]byte, 65536)
		for i := range long {
			long[i] = 'x'
		}
		return &waE2E.Message{Conversation: text(string(long))}, nil
	case "link_preview":
		return &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{
			Text: text("see https://example.com"), MatchedText: text("https://example.com"), Title: text("Example"),
		}}, nil
	case "quoted_reply":
		return &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: text("yes"), ContextInfo: quoted}}, nil
	case "forwarded":
		info := &waE2E.ContextInfo{IsForwarded: proto.Bool(true), ForwardingScore: proto.Uint32(1)}
		return &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: text("passed on"), ContextInfo: info}}, nil
	case "image", "view_once", "ephemeral":
		up, err := client.Upload(ctx, picture, whatsmeow.MediaImage)
		if err != nil {
			return nil, err
		}
		inner := &waE2E.Message{ImageMessage: &waE2E.ImageMessage{
			URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey, FileEncSHA256: up.FileEncSHA256,
			FileSHA256: up.FileSHA256, FileLength: &up.FileLength, Mimetype: text("image/jpeg"), Caption: text("a picture"),
		}}
		switch command.Send {
		case "view_once":
			inner.ImageMessage.ViewOnce = proto.Bool(true)
			return &waE2E.Message{ViewOnceMessageV2: wrapped(inner)}, nil
		case "ephemeral":
			return &waE2E.Message{EphemeralMessage: wrapped(inner)}, nil
		}
		return inner, nil
	case "video", "video_note", "gif":
		up, err := client.Upload(ctx, []byte("a film"), whatsmeow.MediaVideo)
		if err != nil {
			return nil, err
		}
		video := &waE2E.VideoMessage{
			URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey, FileEncSHA256: up.FileEncSHA256,
			FileSHA256: up.FileSHA256, FileLength: &up.FileLength, Mimetype: text("video/mp4"), Seconds: proto.Uint32(3),
		}
		if command.Send == "video_note" {
			return &waE2E.Message{PtvMessage: video}, nil
		}
		video.GifPlayback = proto.Bool(command.Send == "gif")
		return &waE2E.Message{VideoMessage: video}, nil
	case "audio", "voice":
		up, err := client.Upload(ctx, []byte("a sound"), whatsmeow.MediaAudio)
		if err != nil {
			return nil, err
		}
		return &waE2E.Message{AudioMessage: &waE2E.AudioMessage{
			URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey, FileEncSHA256: up.FileEncSHA256,
			FileSHA256: up.FileSHA256, FileLength: &up.FileLength, Mimetype: text("audio/ogg; codecs=opus"),
			Seconds: proto.Uint32(3), PTT: proto.Bool(command.Send == "voice"),
		}}, nil
	case "document", "document_with_caption":
		up, err := client.Upload(ctx, []byte("a price list"), whatsmeow.MediaDocument)
		if err != nil {
			return nil, err
		}
		inner := &waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{
			URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey, FileEncSHA256: up.FileEncSHA256,
			FileSHA256: up.FileSHA256, FileLength: &up.FileLength, Mimetype: text("application/pdf"), FileName: text("prices.pdf"),
		}}
		if command.Send == "document" {
			return inner, nil
		}
		inner.DocumentMessage.Caption = text("our prices")
		return &waE2E.Message{DocumentWithCaptionMessage: wrapped(inner)}, nil
	case "sticker":
		up, err := client.Upload(ctx, []byte("a sticker"), whatsmeow.MediaImage)
		if err != nil {
			return nil, err
		}
		return &waE2E.Message{StickerMessage: &waE2E.StickerMessage{
			URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey, FileEncSHA256: up.FileEncSHA256,
			FileSHA256: up.FileSHA256, FileLength: &up.FileLength, Mimetype: text("image/webp"),
		}}, nil
	case "location":
		return &waE2E.Message{LocationMessage: &waE2E.LocationMessage{
			DegreesLatitude: proto.Float64(-6.8), DegreesLongitude: proto.Float64(39.28), Name: text("Dar es Salaam"),
		}}, nil
	case "live_location":
		return &waE2E.Message{LiveLocationMessage: &waE2E.LiveLocationMessage{
			DegreesLatitude: proto.Float64(-6.8), DegreesLongitude: proto.Float64(39.28), SequenceNumber: proto.Int64(1),
		}}, nil
	case "contact", "contacts":
		card := &waE2E.ContactMessage{
			DisplayName: text("Juma"), Vcard: text("BEGIN:VCARD\nVERSION:3.0\nFN:Juma\nTEL:+255754000444\nEND:VCARD"),
		}
		if command.Send == "contact" {
			return &waE2E.Message{ContactMessage: card}, nil
		}
		cards := []*waE2E.ContactMessage{card, card}
		return &waE2E.Message{ContactsArrayMessage: &waE2E.ContactsArrayMessage{DisplayName: text("2 contacts"), Contacts: cards}}, nil
	case "poll":
		return client.BuildPollCreation("When?", []string{"Morning", "Evening"}, 1), nil
	case "poll_vote":
		info := &types.MessageInfo{ID: command.Of, MessageSource: types.MessageSource{Chat: to, Sender: own, IsFromMe: true}}
		return client.BuildPollVote(ctx, info, []string{"Morning"})
	case "event":
		return &waE2E.Message{EventMessage: &waE2E.EventMessage{
			Name: text("Market day"), StartTime: proto.Int64(time.Now().Add(time.Hour).Unix()),
		}}, nil
	case "order":
		return &waE2E.Message{OrderMessage: &waE2E.OrderMessage{
			OrderID: text("1"), ItemCount: proto.Int32(2), Message: text("two please"), Token: text("token"),
		}}, nil
	case "product":
		product := &waE2E.ProductMessage_ProductSnapshot{ProductID: text("1"), Title: text("Soap")}
		return &waE2E.Message{ProductMessage: &waE2E.ProductMessage{Product: product, BusinessOwnerJID: text(to.String())}}, nil
	case "group_invitation":
		return &waE2E.Message{GroupInviteMessage: &waE2E.GroupInviteMessage{
			GroupJID: text("120360000000000001@g.us"), InviteCode: text("code"), GroupName: text("Market"), Caption: text("join us"),
		}}, nil
	case "payment_request":
		return &waE2E.Message{RequestPaymentMessage: &waE2E.RequestPaymentMessage{
			CurrencyCodeIso4217: text("TZS"), Amount1000: proto.Uint64(5000000),
		}}, nil
	case "album":
		return &waE2E.Message{AlbumMessage: &waE2E.AlbumMessage{ExpectedImageCount: proto.Uint32(2)}}, nil
	case "buttons_reply":
		return &waE2E.Message{ButtonsResponseMessage: &waE2E.ButtonsResponseMessage{
			SelectedButtonID: text("b1"), Type: waE2E.ButtonsResponseMessage_DISPLAY_TEXT.Enum(),
			Response: &waE2E.ButtonsResponseMessage_SelectedDisplayText{SelectedDisplayText: "Yes"},
		}}, nil
	case "list_reply":
		return &waE2E.Message{ListResponseMessage: &waE2E.ListResponseMessage{
			Title: text("Hours"), ListType: waE2E.ListResponseMessage_SINGLE_SELECT.Enum(),
			SingleSelectReply: &waE2E.ListResponseMessage_SingleSelectReply{SelectedRowID: text("r1")},
		}}, nil
	case "template_reply":
		return &waE2E.Message{TemplateButtonReplyMessage: &waE2E.TemplateButtonReplyMessage{
			SelectedID: text("t1"), SelectedDisplayText: text("Book"),
		}}, nil
	case "native_flow_reply":
		flow := &waE2E.InteractiveResponseMessage_NativeFlowResponseMessage{
			Name: text("quick_reply"), ParamsJSON: text(`{"id":"n1"}`), Version: proto.Int32(3),
		}
		return &waE2E.Message{InteractiveResponseMessage: &waE2E.InteractiveResponseMessage{
			Body: &waE2E.InteractiveResponseMessage_Body{Text: text("Go on")},
			InteractiveResponseMessage: &waE2E.InteractiveResponseMessage_NativeFlowResponseMessage_{
				NativeFlowResponseMessage: flow,
			},
		}}, nil
	case "disappearing":
		return &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{
			Type: waE2E.ProtocolMessage_EPHEMERAL_SETTING.Enum(), EphemeralExpiration: proto.Uint32(86400),
		}}, nil
	case "pin":
		return &waE2E.Message{PinInChatMessage: &waE2E.PinInChatMessage{
			Key: key, Type: waE2E.PinInChatMessage_PIN_FOR_ALL.Enum(), SenderTimestampMS: proto.Int64(time.Now().UnixMilli()),
		}}, nil
	case "reaction":
		return client.BuildReaction(to, own, command.Of, "👍"), nil
	case "edit":
		return client.BuildEdit(to, command.Of, &waE2E.Message{Conversation: text("Habari, said otherwise")}), nil
	case "delete":
		return client.BuildRevoke(to, own, command.Of), nil
	}
	return nil, fmt.Errorf("no kind %q", command.Send)
}
