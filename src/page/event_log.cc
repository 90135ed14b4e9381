#include "page/event_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "recording/event_json.h"

namespace delstep {
namespace {

EventLog::Kind KindOf(const Happening& what) {
  if (std::holds_alternative<Queued>(what)) return EventLog::Kind::kQueued;
  if (std::holds_alternative<Sent>(what)) return EventLog::Kind::kSent;
  if (std::holds_alternative<Delivered>(what)) return EventLog::Kind::kDelivered;
  if (std::holds_alternative<Lost>(what)) return EventLog::Kind::kLost;
  if (std::holds_alternative<NodeAdded>(what)) return EventLog::Kind::kNode;
  if (std::holds_alternative<MomentMade>(what)) return EventLog::Kind::kMoment;
  return EventLog::Kind::kOther;
}

/// How many messages of each kind were left out.
struct MessageCounts {
  std::size_t sent = 0, delivered = 0, lost = 0;
  std::int64_t time = 0;

  /// False: it is no message.
  bool Take(EventLog::Kind kind, std::int64_t at) {
    switch (kind) {
      case EventLog::Kind::kOther:
      case EventLog::Kind::kNode:
      case EventLog::Kind::kMoment:
        return false;
      default:
        break;
    }
    sent += kind == EventLog::Kind::kSent ? 1 : 0;
    delivered += kind == EventLog::Kind::kDelivered ? 1 : 0;
    lost += kind == EventLog::Kind::kLost ? 1 : 0;
    time = at;
    return true;
  }
  std::string Line() const {
    return fmt::format(R"({{"type":"traffic","t":{},"sent":{},"delivered":{},"lost":{}}})", time,
                       sent, delivered, lost);
  }
};

}  // namespace

void EventLog::Append(const Event& event, const AddressBook& addresses) {
  std::string json;
  AppendEventJson(event, addresses, json);
  json.pop_back();  // the line's end
  AppendLine(std::move(json), KindOf(event.what), event.at.time_since_epoch().count());
}

void EventLog::AppendLine(std::string json, Kind kind, std::int64_t time) {
  const std::lock_guard lock(mutex_);
  kept_ += json.size();
  // Lines stay for long, so that what they do not need is given back.
  json.shrink_to_fit();
  lines_.push_back({.json = std::move(json), .time = time, .kind = kind});
  while (kept_ > most_bytes_ && lines_.size() > 1) {
    kept_ -= lines_.front().json.size();
    lines_.pop_front();
    ++oldest_;
  }
}

std::uint64_t EventLog::next() const {
  const std::lock_guard lock(mutex_);
  return oldest_ + lines_.size();
}
std::uint64_t EventLog::oldest() const {
  const std::lock_guard lock(mutex_);
  return oldest_;
}

EventLog::Answer EventLog::Range(const Question& question) const {
  const std::lock_guard lock(mutex_);
  const std::uint64_t end = oldest_ + lines_.size();
  Answer answer{
      .first = std::clamp(question.since, oldest_, end), .next = 0, .oldest = oldest_, .list = "["};
  MessageCounts left_out;
  bool any_left_out = false;
  std::size_t given = 0;
  const auto add = [&](std::string_view json) {
    if (answer.list.size() > 1) answer.list += ',';
    answer.list += json;
    ++given;
  };
  // One lock for the whole answer: a line that goes meanwhile would leave a hole.
  std::uint64_t at = answer.first;
  for (; at < end && given < question.events; ++at) {
    const Line& line = lines_[at - oldest_];
    if (question.sums_messages && left_out.Take(line.kind, line.time)) {
      any_left_out = true;
      continue;
    }
    if (given > 0 && answer.list.size() + line.json.size() > question.bytes) break;
    add(line.json);
  }
  if (any_left_out) add(left_out.Line());
  answer.next = at;
  answer.list += ']';
  return answer;
}

EventLog::Skipped EventLog::SkipFrom(std::uint64_t since, const Skip& skip) const {
  const std::lock_guard lock(mutex_);
  Skipped skipped{.next = FreshFrom(since, skip), .nodes = "["};
  for (std::uint64_t at = std::max(since, oldest_); at < skipped.next; ++at) {
    const Line& line = lines_[at - oldest_];
    if (line.kind != Kind::kNode) continue;
    if (skipped.nodes.size() > 1) skipped.nodes += ',';
    skipped.nodes += line.json;
  }
  skipped.nodes += ']';
  return skipped;
}

/// To the first end of a moment among a few of the newest events. Where one command has made more
/// than these, to its beginning: so it is told whole.
std::uint64_t EventLog::FreshFrom(std::uint64_t since, const Skip& skip) const {
  const std::uint64_t end = oldest_ + lines_.size();
  if (since + skip.behind >= end) return since;
  const auto ends_moment = [&](std::uint64_t at) {
    return lines_[at - oldest_].kind == Kind::kMoment;
  };
  const std::uint64_t begin = std::max(since, oldest_), few = end - skip.behind / 10;
  for (std::uint64_t at = std::max(begin, few); at < end; ++at)
    if (ends_moment(at)) return at + 1;
  for (std::uint64_t at = std::max(begin, few); at > begin; --at)
    if (ends_moment(at - 1)) return at;
  return end - begin > skip.whole ? end : since;
}

}  // namespace delstep
