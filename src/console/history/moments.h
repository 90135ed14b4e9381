#pragma once
/// The tree of moments: what a person can go back to, and by which names.
///
/// A moment is the state after a command that changed the world; moment 0 is the start. A branch is
/// a name with its last moment: it runs from there back to the start. Several branches share the
/// moments before they parted. One moment is the present one, and one branch too: the present
/// moment lies on it, at its end or, after `undo`, before it.
///
///   0 -- 1 -- 2 -- 3 -- 4     main
///             |
///             5 -- 6          main-2: began when another command was given after two `undo`s
///
/// A number is given once, whatever is undone. Here are numbers and names alone; what the world was
/// like at a moment is kept in history.h. Threads: one.
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "delstep/result.h"
#include "delstep/types.h"

namespace delstep {

using MomentNumber = std::uint64_t;

/// A branch's number, from 0 in the order in which branches were made; never given again.
enum class BranchId : std::uint32_t {};

struct Moment {
  MomentNumber number = 0;
  std::optional<MomentNumber> parent{};  ///< nothing: the first one; may be forgotten already
  BranchId branch{};                     ///< that made it
  std::uint64_t cycle = 0;
  SimTime at{};
  std::string command{};  ///< that ended in it; "" of the first one
  /// The same command from the same state must end here. False where it was interrupted, or where it
  /// went by more than the state: by a file, a breakpoint, a last test or an earlier moment.
  bool certain = true;
};

struct Branch {
  BranchId id{};
  std::string name;
  MomentNumber last = 0;
};

/// Where one might go. Making one changes nothing.
struct Destination {
  MomentNumber moment = 0;
  BranchId branch{};
  /// What lies between: taken back, newest first; or done again, oldest first. Empty for a `goto`.
  std::vector<MomentNumber> passed{};
};

class Moments {
 public:
  /// Begins with one moment, on the branch "main".
  explicit Moments(Moment first);

  const Moment& present() const { return all_.at(present_); }
  const Branch& branch() const { return *FindBranch(branch_); }
  const std::map<MomentNumber, Moment>& all() const { return all_; }
  /// In the order in which they were made.
  const std::vector<Branch>& branches() const { return branches_; }
  const std::map<std::string, MomentNumber, std::less<>>& marks() const { return marks_; }
  /// Null: there never was one, or it is forgotten.
  const Moment* Find(MomentNumber number) const;
  /// Null if it was deleted.
  const Branch* FindBranch(BranchId id) const;
  const Branch* FindBranch(std::string_view name) const;
  /// The names that stand at a moment: its marks.
  std::vector<std::string> MarksAt(MomentNumber number) const;
  /// Someone has named it, or a branch ends there.
  bool IsNamed(MomentNumber number) const;
  /// Marks and branches, in order.
  std::vector<std::string> Names() const;

  // ---- A command has changed the world.

  /// The moment that comes after the present one on the present branch, if its command was this
  /// one: the command is expected to end there again.
  const Moment* Recorded(std::string_view command) const;
  /// The command has ended in the moment that was recorded.
  void StepForth();
  /// The command has ended in a moment of its own, which gets its number, parent and branch here.
  /// Where the present branch goes on already, a branch begins, named after it: main-2.
  const Moment& Add(Moment moment);

  // ---- Going. Errors: kRefused for what is not there; the message says what is.

  Result<Destination> Back(std::uint64_t steps) const;
  Result<Destination> Forth(std::uint64_t steps) const;
  /// A moment by number or mark; by the name of a branch its last moment.
  Result<Destination> At(std::string_view name_or_number) const;
  Result<Destination> LastOf(std::string_view branch) const;
  /// A moment whose branch was deleted gets a new one.
  void Go(const Destination& destination);

  // ---- Names. Marks and branches share one set. Errors: kRefused for a name that is taken.

  /// Names the present moment. Returns where the mark was before.
  Result<std::optional<MomentNumber>> Mark(std::string_view name);
  /// A branch begins at the present moment and is the present one now.
  Result<void> MakeBranch(std::string_view name);
  /// Returns the moments that no name leads to any more; they are forgotten. Errors: kRefused for
  /// the present branch.
  Result<std::vector<MomentNumber>> DeleteBranch(std::string_view name);

  /// Requires that it is not the present one and not named. Moments after it stay.
  void Forget(MomentNumber number);

  // ---- For checkpoints.

  /// Where a session stands between two commands.
  struct Point {
    Moment present;
    BranchId branch{};
    MomentNumber next = 0;
    std::uint32_t next_branch = 0;
  };
  Point point() const;
  /// As it was at the point. Requires that since then nothing was named, deleted or gone to: one
  /// command alone has ended in a moment.
  Moments AsAt(const Point& point) const;
  void Save(ByteWriter& writer) const;
  /// Takes over what was saved. What nobody can have saved makes the reader bad; then this is of no
  /// use.
  void Load(ByteReader& reader);

 private:
  bool IsAtEnd() const { return present_ == branch().last; }
  std::string NextName(std::string_view like) const;
  void Begin(std::string name);
  void LookAhead();
  void LoadMoments(ByteReader& reader);
  void LoadNames(ByteReader& reader);
  Error NoSuchName(std::string_view name) const;

  std::map<MomentNumber, Moment> all_;
  std::vector<Branch> branches_;
  std::map<std::string, MomentNumber, std::less<>> marks_;
  MomentNumber present_ = 0, next_ = 0;
  BranchId branch_{};
  std::uint32_t next_branch_ = 0;
  // What follows the present moment on the present branch, the next one last; nothing where that is
  // not known any more.
  std::vector<MomentNumber> ahead_;
};

}  // namespace delstep
