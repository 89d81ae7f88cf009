package main

import (
	"context"
	"net/http"
	"os"
	"sync"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types/events"
	waLog "go.mau.fi/whatsmeow/util/log"
	"google.golang.org/protobuf/proto"
)

// bot is all sessions of the process.
type bot struct {
	container  *sqlstore.Container
	through    *http.Client
	reply      string
	directory  string
	journalled bool
	lock       sync.Mutex
	sessions   map[string]*session
}

// session is one linked number.
type session struct {
	client  *whatsmeow.Client
	journal *journal
}

func (b *bot) of(number string) *session {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.sessions[number]
}

func (b *bot) open(device *store.Device) *session {
	opened := &session{client: whatsmeow.NewClient(device, waLog.Noop)}
	opened.client.SetWebsocketHTTPClient(b.through)
	opened.client.SetPreLoginHTTPClient(b.through)
	opened.client.AddEventHandler(func(event any) { b.happened(opened, event) })
	return opened
}

func (s *session) connect() {
	if err := s.client.Connect(); err != nil {
		tell(map[string]any{"refused": err.Error()})
	}
}

// add shows the code of a new session, which is kept under its number once it is linked.
func (b *bot) add(ctx context.Context) {
	opened := b.open(b.container.NewDevice())
	codes, err := opened.client.GetQRChannel(ctx)
	must(err)
	opened.connect()
	go func() {
		for code := range codes {
			switch code.Event {
			case "code":
				tell(map[string]any{"qr": code.Code})
			case "success":
				b.lock.Lock()
				b.sessions[opened.client.Store.ID.User] = opened
				b.lock.Unlock()
			default:
				tell(map[string]any{"refused": code.Event})
			}
		}
	}()
}

func (b *bot) end() {
	b.lock.Lock()
	defer b.lock.Unlock()
	for _, opened := range b.sessions {
		opened.client.Disconnect()
	}
}

// happened answers a text as the library's own example does: within the handler, so that the order of a chat is kept.
func (b *bot) happened(s *session, event any) {
	message, ok := event.(*events.Message)
	if !ok || message.Info.IsFromMe || message.Info.IsGroup {
		return
	}
	text := message.Message.GetConversation()
	if text == "" {
		text = message.Message.GetExtendedTextMessage().GetText()
	}
	if text == "" {
		return
	}
	ctx := context.Background()
	if b.journalled {
		if s.journal == nil {
			opened, err := openJournal(b.directory + "/" + s.client.Store.ID.User + ".journal")
			must(err)
			s.journal = opened
		}
		must(s.journal.keep(message.Info.ID, message.Info.Sender.String(), text, b.reply))
	}
	if _, err := s.client.SendMessage(ctx, message.Info.Chat, &waE2E.Message{Conversation: proto.String(b.reply)}); err != nil {
		_, _ = os.Stderr.WriteString("a reply was not sent: " + err.Error() + "\n")
	}
}
