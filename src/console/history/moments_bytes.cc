// The tree of moments as bytes and back, for checkpoints.
#include <algorithm>

#include "console/history/moments.h"
#include "scenario/names.h"

namespace delstep {
namespace {

/// Numbers go up by one with each command: nobody comes near, and none can wrap around.
constexpr std::uint64_t kMostNumber = std::uint64_t{1} << 62;
constexpr std::uint32_t kMostBranches = std::uint32_t{1} << 31;

}  // namespace

Moments::Point Moments::point() const {
  return {.present = present(), .branch = branch_, .next = next_, .next_branch = next_branch_};
}

Moments Moments::AsAt(const Point& point) const {
  Moments then = *this;
  then.next_ = point.next;
  then.next_branch_ = point.next_branch;
  std::erase_if(then.branches_, [&](const Branch& branch) {
    return static_cast<std::uint32_t>(branch.id) >= point.next_branch;
  });
  for (Branch& branch : then.branches_)
    while (branch.last >= point.next) branch.last = *all_.at(branch.last).parent;
  then.all_.erase(then.all_.lower_bound(point.next), then.all_.end());
  // There it was in any case, also where it was forgotten since.
  then.all_.try_emplace(point.present.number, point.present);
  then.present_ = point.present.number;
  then.branch_ = point.branch;
  then.LookAhead();
  return then;
}

void Moments::Save(ByteWriter& writer) const {
  writer.Add(next_);
  writer.Add(std::uint64_t{next_branch_});
  writer.Add(std::uint64_t{all_.size()});
  for (const auto& [number, moment] : all_) {
    writer.Add(number);
    writer.Add(moment.parent.has_value());
    writer.Add(moment.parent.value_or(0));
    writer.Add(static_cast<std::uint64_t>(moment.branch));
    writer.Add(moment.cycle);
    writer.Add(std::int64_t{moment.at.time_since_epoch().count()});
    writer.Add(std::string_view(moment.command));
    writer.Add(moment.certain);
  }
  writer.Add(std::uint64_t{branches_.size()});
  for (const Branch& branch : branches_) {
    writer.Add(static_cast<std::uint64_t>(branch.id));
    writer.Add(std::string_view(branch.name));
    writer.Add(branch.last);
  }
  writer.Add(std::uint64_t{marks_.size()});
  for (const auto& [name, number] : marks_) {
    writer.Add(std::string_view(name));
    writer.Add(number);
  }
  writer.Add(present_);
  writer.Add(static_cast<std::uint64_t>(branch_));
}

void Moments::Load(ByteReader& reader) {
  next_ = reader.NumberUpTo(kMostNumber);
  next_branch_ = static_cast<std::uint32_t>(reader.NumberUpTo(kMostBranches));
  LoadMoments(reader);
  LoadNames(reader);
  present_ = reader.Number();
  branch_ = static_cast<BranchId>(reader.NumberUpTo(kMostBranches));
  reader.Require(Find(present_) != nullptr && FindBranch(branch_) != nullptr);
  if (reader.ok()) LookAhead();
}

void Moments::LoadMoments(ByteReader& reader) {
  all_.clear();
  for (std::size_t left = reader.Count(64); left > 0 && reader.ok(); --left) {
    Moment moment;
    moment.number = reader.Number();
    const bool has_parent = reader.Flag();
    const MomentNumber parent = reader.Number();
    if (has_parent) moment.parent = parent;
    moment.branch = static_cast<BranchId>(reader.NumberUpTo(kMostBranches));
    moment.cycle = reader.Number();
    const Duration since(reader.Signed());
    moment.at = SimTime(since);
    moment.command = std::string(reader.Text());
    moment.certain = reader.Flag();
    // In order, and each after its parent: so every way back ends.
    reader.Require(moment.number < next_ &&
                   (all_.empty() || all_.rbegin()->first < moment.number) &&
                   (has_parent ? parent < moment.number : parent == 0) && since >= Duration(0) &&
                   static_cast<std::uint32_t>(moment.branch) < next_branch_);
    if (reader.ok()) all_.emplace_hint(all_.end(), moment.number, std::move(moment));
  }
}

void Moments::LoadNames(ByteReader& reader) {
  branches_.clear();
  marks_.clear();
  for (std::size_t left = reader.Count(24); left > 0 && reader.ok(); --left) {
    Branch branch;
    branch.id = static_cast<BranchId>(reader.NumberUpTo(kMostBranches));
    branch.name = std::string(reader.Text());
    branch.last = reader.Number();
    reader.Require(static_cast<std::uint32_t>(branch.id) < next_branch_ &&
                   (branches_.empty() || branches_.back().id < branch.id) &&
                   !FindBranch(branch.name) && CheckMomentName(branch.name) && Find(branch.last));
    branches_.push_back(std::move(branch));
  }
  for (std::size_t left = reader.Count(16); left > 0 && reader.ok(); --left) {
    std::string name(reader.Text());
    const MomentNumber number = reader.Number();
    reader.Require(!FindBranch(name) && CheckMomentName(name) && Find(number));
    reader.Require(marks_.emplace(std::move(name), number).second);
  }
}

}  // namespace delstep
