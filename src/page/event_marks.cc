#include "page/event_marks.h"

#include <type_traits>
#include <variant>

namespace delstep {
namespace {

constexpr std::uint64_t kBeforeMarks = std::uint64_t{1} << 40;

/// Whether /api/links may be another one after it.
bool ChangesLinks(const Happening& what) {
  return std::holds_alternative<LinkChanged>(what) ||
         std::holds_alternative<DefaultLinkChanged>(what) ||
         std::holds_alternative<NodeAdded>(what) || std::holds_alternative<NodeRemoved>(what) ||
         std::holds_alternative<NodeWentDown>(what) || std::holds_alternative<NodeCameUp>(what) ||
         std::holds_alternative<ContactBegan>(what) || std::holds_alternative<ContactEnded>(what) ||
         std::holds_alternative<NodeMoved>(what) || std::holds_alternative<ConfigChanged>(what);
}

}  // namespace

void EventMarks::Begin(MomentNumber moment) {
  const std::lock_guard lock(mutex_);
  after_[moment] = 0;
  links_[moment] = version_;
}

void EventMarks::Note(const Event& event, std::uint64_t next) {
  const std::lock_guard lock(mutex_);
  if (ChangesLinks(event.what)) version_ = ++newest_version_;
  if (const auto* sent = std::get_if<Sent>(&event.what)) NoteSent(*sent, event.at);
  if (const auto* made = std::get_if<MomentMade>(&event.what)) {
    // A moment that was recorded before is reached again: its links are those of then.
    version_ = links_.emplace(made->moment, version_).first->second;
    made_ = made->moment;
    after_[made->moment] = next;
  }
  if (const auto* went = std::get_if<WentTo>(&event.what)) {
    const auto known = links_.find(went->moment);
    version_ = known != links_.end() ? known->second : went->moment + kBeforeMarks;
  }
  if (std::holds_alternative<CommandDone>(event.what) && made_) {
    after_[*made_] = next;
    made_.reset();
  }
}

void EventMarks::NoteSent(const Sent& sent, SimTime at) {
  const auto number = static_cast<std::uint64_t>(sent.message.id);
  if (sent_.empty()) first_message_ = number;
  if (number < first_message_) return;
  while (sent_.size() <= number - first_message_) sent_.push_back(-1);
  sent_[number - first_message_] = at.time_since_epoch().count();
  while (sent_.size() > kMostMessages) {
    sent_.pop_front();
    ++first_message_;
  }
}

std::optional<std::uint64_t> EventMarks::EventAfter(MomentNumber moment) const {
  const std::lock_guard lock(mutex_);
  const auto found = after_.find(moment);
  return found == after_.end() ? std::nullopt : std::optional(found->second);
}

std::uint64_t EventMarks::LinksVersion(MomentNumber moment) const {
  const std::lock_guard lock(mutex_);
  const auto found = links_.find(moment);
  return found == links_.end() ? moment + kBeforeMarks : found->second;
}

std::optional<SimTime> EventMarks::SentAt(MessageId message) const {
  const std::lock_guard lock(mutex_);
  const auto number = static_cast<std::uint64_t>(message);
  if (number < first_message_ || number - first_message_ >= sent_.size()) return std::nullopt;
  const std::int64_t at = sent_[number - first_message_];
  return at < 0 ? std::nullopt : std::optional(SimTime(Duration(at)));
}

}  // namespace delstep
