#pragma once
/// A question to the class, and what it has answered so far.
///
/// One question at a time. A voter is a random text that a page keeps: who votes again changes the
/// vote. Anybody can invent such texts, so a vote is among people who mean it. What one cannot do is
/// to close it to others: from one address of the network come at most 200 votes, and a class behind
/// a router that shares one address still fits. Threads: any.
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
  static constexpr std::size_t kMostVotersOfAddress = 200;
  static constexpr std::size_t kMostAnswers = 26;

  /// Begins a vote; the one before is forgotten. Errors: kUsage without answers, or with too many.
  Result<void> Ask(std::string ask, std::string question, std::vector<std::string> answers);
  struct Ballot {
    std::size_t choice = 0;
    std::string voter;
    std::string from;  ///< address of the network
  };
  /// Errors: kRefused for another question than the present one, for an answer that it does not
  /// have, and for more voters than a class has.
  Result<void> Vote(std::string_view ask, Ballot ballot);
  /// Nobody is asked any more: the answer may be seen now. What was voted stays to be read until the
  /// next question. Nothing happens where another question is asked meanwhile.
  void End(std::string_view ask);
  /// {"ask":"12","question":...,"answers":[...],"counts":[3,1,0]}; "ask" is null where nothing is
  /// asked.
  std::string Json() const;

 private:
  mutable std::mutex mutex_;
  std::string ask_, question_;  // guarded by mutex_, as are the next three
  std::vector<std::string> answers_;
  std::map<std::string, std::size_t> choices_;  // by voter
  std::map<std::string, std::size_t> voters_;   // how many, by address
};

}  // namespace delstep
