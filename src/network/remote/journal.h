#pragma once
/// Everything that has changed a network since its beginning, in order. Played to a fresh helper
/// program it makes the same network again, because a helper with simulated time does the same
/// whenever it is told the same.
///
/// Copies share what they have in common: a copy of a long journal costs a reference per 512
/// changes, and what is added to it later a piece of its own.
///
/// Threads: as for a value.
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/bytes.h"
#include "base/cow.h"
#include "delstep/types.h"
#include "network/remote/protocol.h"

namespace delstep::remote {

class Journal {
 public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const Change& operator[](std::size_t i) const { return (*(*parts_)[i / kPart])[i % kPart]; }

  void Add(Change change);
  /// Time has passed up to `to`, and what ended by then is told. In however many pieces it passes
  /// without another change between them: they are one entry. Returns the place of the entry.
  std::size_t AddPassed(SimTime to);
  /// Empties it, for networks that need no past. now() stays.
  void Forget();
  /// The last moment that it knows of.
  SimTime now() const { return now_; }

 private:
  static constexpr std::size_t kPart = 512;
  using Part = Cow<std::vector<Change>>;

  Cow<std::vector<Part>> parts_;
  std::size_t size_ = 0;
  SimTime now_{};
};

void Add(ByteWriter& writer, const Journal& journal);
/// Each value is in its range, and time goes forward; whether nodes are there and messages are new
/// is for JournalCheck.
Journal ReadJournal(ByteReader& reader);

/// Looks whether a journal can have come about: nodes are attached before they are used, once, and
/// no message has the number of another one. For journals that were read from anywhere.
class JournalCheck {
 public:
  /// False: it cannot.
  bool Follow(const Journal& journal);

  /// By node that ever was attached: whether it still is.
  const std::unordered_map<std::uint32_t, bool>& attached() const { return attached_; }
  /// Of each message that was sent and not withdrawn, when, and how many were sent before it.
  struct Sending {
    Message message;
    SimTime at{};
    std::uint64_t number = 0;
  };
  /// Null if it was not sent, or was withdrawn.
  const Sending* Find(MessageId id) const;
  std::uint64_t sent() const { return sent_; }

 private:
  bool Follows(const Change& change);
  bool IsThere(NodeId node) const;

  std::unordered_map<std::uint32_t, bool> attached_;
  std::unordered_map<std::uint64_t, Sending> sendings_;
  std::unordered_set<std::uint64_t> messages_;
  std::uint64_t sent_ = 0;
  SimTime now_{};
};

}  // namespace delstep::remote
