"""Customers who write, wait for the answer, and write again; and what became of each message."""

import statistics
import threading
import time

from cluster import Failed

# What every pack has an answer to, one message long.
TEXT = "menu"
PAUSE = 0.5


class Chat(threading.Thread):
    """One customer with one bot: never two messages on their way, so that each answer belongs to the message before it."""

    def __init__(self, whatsapp, customer, bot, ending):
        super().__init__(daemon=True)
        self.whatsapp, self.customer, self.bot, self.ending = whatsapp, customer, bot, ending
        self.talk = []  # [sent, answered or None], by the monotonic clock in seconds
        self.came, self.place = 0, 0  # answers so far, and how far the transcript was read
        self.trouble = None

    def run(self):
        try:
            while not self.ending.is_set():
                self.say()
                self.ending.wait(PAUSE)
        except Failed as error:
            self.trouble = error

    def say(self):
        turn = [time.monotonic(), None]
        self.talk.append(turn)
        self.whatsapp.write(self.customer, self.bot, TEXT)
        # One that is never answered is waited for a while after the end too.
        patience = None
        while turn[1] is None:
            new = self.whatsapp.came_in(self.customer, self.place, 5)
            self.came += len(new)
            self.place = max([self.place, *(entry["order"] for entry in new)])
            if self.came >= len(self.talk):
                turn[1] = time.monotonic()
            elif self.ending.is_set():
                patience = patience or time.monotonic() + 60
                if time.monotonic() > patience:
                    return


class Load:
    def __init__(self, whatsapp):
        self.whatsapp, self.ending, self.chats = whatsapp, threading.Event(), []

    def add(self, bot, customers):
        for customer in customers:
            chat = Chat(self.whatsapp, customer, bot, self.ending)
            self.chats.append(chat)
            chat.start()

    def all_answered_since(self, faults):
        """Whether each chat of these bots has had an answer to a message that was sent after its bot's instant."""
        chats = [chat for chat in self.chats if chat.bot in faults]
        return all(any(sent >= faults[chat.bot] and answered for sent, answered in list(chat.talk)) for chat in chats)

    def silent(self, bots, seconds):
        """Whether each chat of these bots has waited for so long now."""
        now = time.monotonic()
        last = [chat.talk[-1] for chat in self.chats if chat.bot in bots and chat.talk]
        return all(answered is None and now - sent > seconds for sent, answered in last)

    def window(self, began, ended, faults):
        """Figures of one scene, of the bots that its fault hits. Times in milliseconds."""
        nexts, waits = [], []
        for chat in self.chats:
            if chat.bot not in faults:
                continue
            fault = faults[chat.bot]
            after = [answered - fault for sent, answered in chat.talk if answered and answered >= fault]
            waits += [(answered or time.monotonic()) - sent for sent, answered in chat.talk if began <= sent <= ended]
            if after:
                nexts.append(min(after))
        ms = lambda seconds: round(seconds * 1000)
        return {
            "messages": len(waits),
            "next_reply_median_ms": ms(statistics.median(nexts)) if nexts else None,
            "next_reply_worst_ms": ms(max(nexts)) if nexts else None,
            "longest_wait_ms": ms(max(waits, default=0)),
        }

    def unanswered(self, began, ended):
        return sum(1 for chat in self.chats for sent, answered in chat.talk if began <= sent <= ended and not answered)

    def doubled(self):
        """Answers beyond one for each message until now: what a phone shows."""
        return sum(max(0, len(self.whatsapp.came_in(chat.customer)) - len(chat.talk)) for chat in self.chats)

    def repeated(self):
        """Answers that came again under their id until now, of which a phone shows one: what leaves before a crash or a full disk
        and could not be marked leaves once more."""
        return sum(len(self.whatsapp.repeated(chat.customer)) for chat in self.chats)

    def told_of_doubled(self):
        """What came too often, for whoever looks for why: a phone shows one message for an id that comes again."""
        told = []
        for chat in self.chats:
            answers, repeated = self.whatsapp.came_in(chat.customer), self.whatsapp.repeated(chat.customer)
            if len(answers) > len(chat.talk) or repeated:
                same = [f"{entry['id']} {entry['arrivals']} times" for entry in repeated]
                told.append(f"{chat.customer} of {chat.bot}: {len(answers)} answers to {len(chat.talk)} messages; the same id again: {', '.join(same) or 'none'}")
        return told

    def end(self):
        self.ending.set()
        for chat in self.chats:
            chat.join(90)
        return [str(chat.trouble) for chat in self.chats if chat.trouble]
