#include "console/history/moments.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <functional>
#include <utility>

#include "base/text.h"

namespace delstep {

Moments::Moments(Moment first) : present_(first.number), next_(first.number + 1) {
  first.parent.reset();
  all_.emplace(first.number, std::move(first));
  Begin("main");
  all_.at(present_).branch = branch_;
}

const Moment* Moments::Find(MomentNumber number) const {
  const auto found = all_.find(number);
  return found == all_.end() ? nullptr : &found->second;
}

const Branch* Moments::FindBranch(BranchId id) const {
  const auto found = std::ranges::find(branches_, id, &Branch::id);
  return found == branches_.end() ? nullptr : &*found;
}

const Branch* Moments::FindBranch(std::string_view name) const {
  const auto found = std::ranges::find(branches_, name, &Branch::name);
  return found == branches_.end() ? nullptr : &*found;
}

std::vector<std::string> Moments::MarksAt(MomentNumber number) const {
  std::vector<std::string> names;
  for (const auto& [name, at] : marks_)
    if (at == number) names.push_back(name);
  return names;
}

bool Moments::IsNamed(MomentNumber number) const {
  const auto is_there = [&](const auto& mark) { return mark.second == number; };
  return std::ranges::any_of(marks_, is_there) ||
         std::ranges::find(branches_, number, &Branch::last) != branches_.end();
}

std::vector<std::string> Moments::Names() const {
  std::vector<std::string> names;
  for (const auto& mark : marks_) names.push_back(mark.first);
  for (const Branch& branch : branches_) names.push_back(branch.name);
  std::ranges::sort(names);
  return names;
}

// ---- A command has changed the world.

const Moment* Moments::Recorded(std::string_view command) const {
  if (ahead_.empty()) return nullptr;
  const Moment& next = all_.at(ahead_.back());
  return next.command == command ? &next : nullptr;
}

void Moments::StepForth() {
  assert(!ahead_.empty());
  present_ = ahead_.back();
  ahead_.pop_back();
}

const Moment& Moments::Add(Moment moment) {
  // The tail that was left stays on its branch.
  if (!IsAtEnd()) Begin(NextName(branch().name));
  moment.number = next_++;
  moment.parent = present_;
  moment.branch = branch_;
  present_ = std::ranges::find(branches_, branch_, &Branch::id)->last = moment.number;
  return all_.emplace(moment.number, std::move(moment)).first->second;
}

void Moments::Forget(MomentNumber number) {
  all_.erase(number);
  // Ahead the numbers fall. A way with a gap leads nowhere.
  if (std::ranges::binary_search(ahead_, number, std::greater())) ahead_.clear();
}

void Moments::Begin(std::string name) {
  branch_ = BranchId{next_branch_++};
  branches_.push_back({.id = branch_, .name = std::move(name), .last = present_});
  ahead_.clear();
}

/// "main-2" and then "main-3", of "main-2" too.
std::string Moments::NextName(std::string_view like) const {
  const auto dash = like.rfind('-');
  if (dash != std::string_view::npos && dash > 0 && ParseUnsigned(like.substr(dash + 1)))
    like = like.substr(0, dash);
  for (std::uint64_t number = 2;; ++number) {
    std::string name = fmt::format("{}-{}", like, number);
    if (!FindBranch(name) && !marks_.contains(name)) return name;
  }
}

// ---- Going.

Result<Destination> Moments::Back(std::uint64_t steps) const {
  Destination to{.moment = present_, .branch = branch_};
  while (to.passed.size() < steps) {
    const Moment& at = all_.at(to.moment);
    if (!at.parent && to.passed.empty())
      return Refused("this is the start: there is nothing to undo", "list the moments: history");
    if (!at.parent)
      return Refused(
          fmt::format("there {} only {} before this one", to.passed.size() == 1 ? "is" : "are",
                      Count(to.passed.size(), "moment")),
          "list the moments: history");
    if (!Find(*at.parent))
      return Refused(fmt::format("moment {} is not kept any more", *at.parent),
                     "list the moments: history");
    to.passed.push_back(to.moment);
    to.moment = *at.parent;
  }
  return to;
}

Result<Destination> Moments::Forth(std::uint64_t steps) const {
  const auto refused = [](std::string why) {
    return Refused(std::move(why), "list the moments: history");
  };
  if (IsAtEnd())
    return refused(fmt::format("moment {} is the last one of branch {}", present_, branch().name));
  if (ahead_.empty()) return refused("the moments after this one are not kept any more");
  if (ahead_.size() < steps)
    return refused(fmt::format("branch {} has only {} after this one", branch().name,
                               Count(ahead_.size(), "moment")));
  Destination to{.moment = present_,
                 .branch = branch_,
                 .passed = {ahead_.rbegin(), ahead_.rbegin() + static_cast<std::ptrdiff_t>(steps)}};
  if (!to.passed.empty()) to.moment = to.passed.back();
  return to;
}

Result<Destination> Moments::At(std::string_view word) const {
  if (const auto number = ParseUnsigned(word)) {
    if (const Moment* moment = Find(*number))
      return Destination{.moment = *number, .branch = moment->branch};
    if (*number < next_)
      return Refused(fmt::format("moment {} is not kept any more", *number),
                     "list the moments: history");
    return Refused(fmt::format("there is no moment {}; the last one is {}", *number, next_ - 1),
                   "list the moments: history");
  }
  if (const auto mark = marks_.find(word); mark != marks_.end())
    return Destination{.moment = mark->second, .branch = all_.at(mark->second).branch};
  if (FindBranch(word)) return LastOf(word);
  return NoSuchName(word);
}

Result<Destination> Moments::LastOf(std::string_view name) const {
  if (const Branch* branch = FindBranch(name))
    return Destination{.moment = branch->last, .branch = branch->id};
  if (marks_.contains(name))
    return Refused(fmt::format("'{}' is a mark, not a branch", name),
                   fmt::format("go to it: goto {}", name));
  return NoSuchName(name);
}

Error Moments::NoSuchName(std::string_view name) const {
  std::string hint = DidYouMean(name, Names());
  if (hint.empty()) hint = "list the moments, marks and branches: history";
  return Refused(fmt::format("there is no mark or branch named '{}'", name), std::move(hint));
}

void Moments::Go(const Destination& destination) {
  present_ = destination.moment;
  branch_ = destination.branch;
  if (FindBranch(branch_)) return LookAhead();
  // Its branch was deleted, and a mark has kept the moment.
  Begin(NextName(branches_.front().name));
  all_.at(present_).branch = branch_;
}

void Moments::LookAhead() {
  ahead_.clear();
  for (std::optional<MomentNumber> at = branch().last; at != present_;) {
    const Moment* moment = at ? Find(*at) : nullptr;
    if (!moment) return ahead_.clear();
    ahead_.push_back(*at);
    at = moment->parent;
  }
}

// ---- Names.

Result<std::optional<MomentNumber>> Moments::Mark(std::string_view name) {
  if (FindBranch(name))
    return Refused(fmt::format("there is a branch named '{}'", name),
                   "marks and branches share their names: choose another one");
  const auto [mark, is_new] = marks_.try_emplace(std::string(name), present_);
  const MomentNumber before = std::exchange(mark->second, present_);
  return is_new ? std::nullopt : std::optional(before);
}

Result<void> Moments::MakeBranch(std::string_view name) {
  if (FindBranch(name))
    return Refused(
        fmt::format("there is a branch named '{}' already", name),
        name == branch().name
            ? "it is the present one: branch NAME begins another one"
            : fmt::format("go to it: switch {0}; or forget it: branch delete {0}", name));
  if (marks_.contains(name))
    return Refused(fmt::format("there is a mark named '{}'", name),
                   "marks and branches share their names: choose another one");
  Begin(std::string(name));
  return {};
}

Result<std::vector<MomentNumber>> Moments::DeleteBranch(std::string_view name) {
  if (marks_.contains(name))
    return Refused(fmt::format("'{}' is a mark, not a branch", name),
                   "only branches are deleted, and a mark can be moved: mark NAME");
  DELSTEP_ASSIGN(const Destination end, LastOf(name));
  if (end.branch == branch_)
    return Refused(fmt::format("'{}' is the present branch", name),
                   "go to another one first: switch NAME");
  std::erase_if(branches_, [&](const Branch& branch) { return branch.id == end.branch; });
  // What a branch or a mark still leads to stays, and belongs to the first of these branches.
  std::map<MomentNumber, BranchId> led_to;
  const auto follow = [&](MomentNumber from, BranchId branch) {
    for (const Moment* at = Find(from); at && led_to.try_emplace(at->number, branch).second;
         at = at->parent ? Find(*at->parent) : nullptr) {
    }
  };
  for (const Branch& branch : branches_) follow(branch.last, branch.id);
  for (const auto& mark : marks_) follow(mark.second, end.branch);
  std::vector<MomentNumber> forgotten;
  for (auto& [number, moment] : all_) {
    if (moment.branch != end.branch) continue;
    if (const auto found = led_to.find(number); found != led_to.end())
      moment.branch = found->second;
    else
      forgotten.push_back(number);
  }
  for (const MomentNumber number : forgotten) all_.erase(number);
  return forgotten;
}

}  // namespace delstep
