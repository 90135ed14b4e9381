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

bool StreamHub::MayHaveAnswers(const Client& client, Time now) {
  return client.answers_left > 0 || now >= client.answers_from;
}

bool StreamHub::HasNews(const Client& client, Time now) const {
  return closed_ || !client.greeted || (!client.answers.empty() && MayHaveAnswers(client, now)) ||
         client.present_seen != present_.version || client.votes_seen != votes_.version ||
         (now >= client.events_from && log_.next() > client.cursor);
}

/// When what came too early for this client is looked at again.
StreamHub::Time StreamHub::NextLook(const Client& client, Time deadline) const {
  if (log_.next() > client.cursor) deadline = std::min(deadline, client.events_from);
  if (!client.answers.empty()) deadline = std::min(deadline, client.answers_from);
  return deadline;
}

std::optional<std::string> StreamHub::Next(Client& client) {
  using Clock = std::chrono::steady_clock;
  std::unique_lock lock(mutex_);
  if (client.ended || client.late) return std::nullopt;
  client.writes = false;
  const Time deadline = Clock::now() + kHeartbeat;
  while (!HasNews(client, Clock::now()) && Clock::now() < deadline)
    news_.wait_until(lock, NextLook(client, deadline));
  client.writes = true;
  std::string text;
  if (!std::exchange(client.greeted, true))
    AddStreamed(text, "hello", fmt::format(R"({{"next_event":{}}})", log_.next()));
  if (closed_ || Clock::now() >= client.events_from) AddEvents(client, text);
  if (closed_ || MayHaveAnswers(client, Clock::now())) AddAnswers(client, text);
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
  // Where messages are summed up, a page gets through any number of them.
  if (!sums_messages_) {
    const EventLog::Skipped fresh = log_.SkipFrom(client.cursor, {});
    if (const std::uint64_t left_out = fresh.next - client.cursor; left_out > 0) {
      AddStreamed(text, "missed",
                  fmt::format(R"({{"events":{},"next":{},"nodes":{}}})", left_out, fresh.next,
                              fresh.nodes));
      client.cursor = fresh.next;
    }
  }
  const EventLog::Answer events = log_.Range({.since = client.cursor,
                                              .events = closed_ ? kLastEvents : kMostEvents,
                                              .sums_messages = sums_messages_});
  client.cursor = events.next;
  // From here, not from when it was asked for: a burst of events comes as a few batches.
  client.events_from = std::chrono::steady_clock::now() + kBetween;
  text +=
      fmt::format("id: {0}\nevent: events\ndata: {{\"first\":{1},\"next\":{0},\"events\":{2}}}\n\n",
                  events.next, events.first, events.list);
}

void StreamHub::AddAnswers(Client& client, std::string& text) {
  if (client.answers.empty()) return;
  const Time now = std::chrono::steady_clock::now();
  if (now >= client.answers_from) {
    client.answers_from = now + kBetween;
    client.answers_left = kMostAnswers;
  }
  if (client.answers_missed > 0)
    AddStreamed(text, "missed", fmt::format(R"({{"answers":{}}})", client.answers_missed));
  client.answers_missed = 0;
  client.answers_left -= std::min(client.answers_left, client.answers.size());
  for (const auto& answer : std::exchange(client.answers, {})) AddStreamed(text, "answer", *answer);
}

bool StreamHub::Lags(const Client& client) const {
  const std::lock_guard lock(mutex_);
  return client.late;
}

void StreamHub::PutAnswer(std::string json) {
  const std::lock_guard lock(mutex_);
  const auto shared = std::make_shared<const std::string>(std::move(json));
  // A client that is too slow has no use for more: its thread drops it as soon as it looks.
  for (Client* client : clients_) {
    client->answers.push_back(shared);
    if (client->answers.size() > kMostAnswers) {
      client->answers.pop_front();
      ++client->answers_missed;
    }
    std::size_t bytes = 0;
    for (const auto& answer : client->answers) bytes += answer->size();
    // One that waits for news is not late, however much comes at once.
    client->late |= client->writes && bytes > kMostLag;
    if (client->late) client->answers.clear();
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
