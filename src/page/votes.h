#pragma once
/// A question to the class, and what it has answered so far.
///
/// One question at a time. A voter is a random text that a page keeps: who votes again changes the
/// vote. Threads: any.
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/result.h"

namespace delstep {

class Votes {
 public:
  static constexpr std::size_t kMostVoters = 10'000;
  static constexpr std::size_t kMostAnswers = 26;

  /// Begins a vote; the one before is forgotten. Errors: kUsage without answers, or with too many.
  Result<void> Ask(std::string ask, std::string question, std::vector<std::string> answers);
  /// Errors: kRefused for another question than the present one, for an answer that it does not
  /// have, and for more voters than a class has.
  Result<void> Vote(std::string_view ask, std::size_t choice, std::string voter);
  /// {"ask":"12","question":...,"answers":[...],"counts":[3,1,0]}; "ask" is null where nothing was
  /// asked.
  std::string Json() const;

 private:
  mutable std::mutex mutex_;
  std::string ask_, question_;  // guarded by mutex_, as are the next two
  std::vector<std::string> answers_;
  std::map<std::string, std::size_t> choices_;  // by voter
};

}  // namespace delstep
