#include "page/stream_hub.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace delstep {
namespace {

void AddStreamed(std::string& text, std::string_view kind, std::string_view json) {
  text += fmt::format("event: {}\ndata: {}\n\n", kind, json);
}

}  // namespace

std::unique_ptr<StreamHub::Client> StreamHub::Join(std::optional<std::uint64_t> since) {
  auto client = std::make_unique<Client>();
  const std::lock_guard lock(mutex_);
  // A number of another run may lie ahead of all events of this one.
  client->cursor = std::min(since.value_or(log_.next()), log_.next());
  client->noted = Produced();
  clients_.insert(client.get());
  return client;
}

void StreamHub::Leave(Client& client) {
  const std::lock_guard lock(mutex_);
  clients_.erase(&client);
}

std::size_t StreamHub::clients() const {
  const std::lock_guard lock(mutex_);
  return clients_.size();
}

bool StreamHub::HasNews(const Client& client, std::chrono::steady_clock::time_point now) const {
  return closed_ || !client.greeted || !client.answers.empty() ||
         client.present_seen != present_.version || client.votes_seen != votes_.version ||
         (now >= client.events_from && log_.next() > client.cursor);
}

std::optional<std::string> StreamHub::Next(Client& client) {
  using Clock = std::chrono::steady_clock;
  std::unique_lock lock(mutex_);
  if (client.ended || IsLate(client)) return std::nullopt;
  client.writes = false;
  const Clock::time_point deadline = Clock::now() + kHeartbeat;
  while (!HasNews(client, Clock::now()) && Clock::now() < deadline) {
    // Events that came too early for this client are looked at again when their time has come.
    const bool waits = log_.next() > client.cursor;
    news_.wait_until(lock, waits ? std::min(client.events_from, deadline) : deadline);
  }
  client.noted = Produced();
  client.writes = true;
  std::string text;
  if (!std::exchange(client.greeted, true))
    AddStreamed(text, "hello", fmt::format(R"({{"next_event":{}}})", log_.next()));
  if (closed_ || Clock::now() >= client.events_from) AddEvents(client, text);
  for (const auto& answer : std::exchange(client.answers, {})) AddStreamed(text, "answer", *answer);
  if (std::exchange(client.present_seen, present_.version) != present_.version)
    AddStreamed(text, "present", present_.json);
  if (std::exchange(client.votes_seen, votes_.version) != votes_.version)
    AddStreamed(text, "votes", votes_.json);
  if (closed_) {
    AddStreamed(text, "end", "{}");
    client.ended = true;
  }
  return text.empty() ? ":\n\n" : text;
}

void StreamHub::AddEvents(Client& client, std::string& text) {
  if (log_.next() <= client.cursor) return;
  const EventLog::Answer events =
      log_.Range({.since = client.cursor, .sums_messages = sums_messages_});
  client.cursor = events.next;
  // From here, not from when it was asked for: a burst of events comes as a few batches.
  client.events_from = std::chrono::steady_clock::now() + kBetweenEvents;
  text +=
      fmt::format("id: {0}\nevent: events\ndata: {{\"first\":{1},\"next\":{0},\"events\":{2}}}\n\n",
                  events.next, events.first, events.list);
}

/// A client that waits for news is not late, however much comes at once.
bool StreamHub::IsLate(const Client& client) const {
  return client.missed || (client.writes && Produced() - client.noted > kMostLag);
}

bool StreamHub::Lags(const Client& client) const {
  const std::lock_guard lock(mutex_);
  return IsLate(client);
}

void StreamHub::PutAnswer(std::string json) {
  const std::lock_guard lock(mutex_);
  answered_ += json.size();
  const auto shared = std::make_shared<const std::string>(std::move(json));
  // A client that is too slow has no use for more: its thread drops it as soon as it looks.
  for (Client* client : clients_) {
    client->missed = IsLate(*client);
    if (!client->missed) client->answers.push_back(shared);
  }
  news_.notify_all();
}

void StreamHub::PutPresent(std::string json) {
  const std::lock_guard lock(mutex_);
  // Four times per second nothing new is to be said, while nobody does anything.
  if (json == present_.json) return;
  present_ = {.json = std::move(json), .version = present_.version + 1};
  news_.notify_all();
}

void StreamHub::PutVotes(std::string json) {
  const std::lock_guard lock(mutex_);
  votes_ = {.json = std::move(json), .version = votes_.version + 1};
  news_.notify_all();
}

// With the lock: a client may have looked at the log already, and not wait yet.
void StreamHub::Wake() {
  const std::lock_guard lock(mutex_);
  news_.notify_all();
}

void StreamHub::SumMessages(bool sums) {
  const std::lock_guard lock(mutex_);
  sums_messages_ = sums;
}

void StreamHub::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  news_.notify_all();
}

}  // namespace delstep
