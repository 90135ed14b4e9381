#include "page/votes.h"

#include <fmt/format.h>

#include <utility>

#include "base/json.h"

namespace delstep {

Result<void> Votes::Ask(std::string ask, std::string question, std::vector<std::string> answers) {
  if (ask.empty()) return UsageError("a vote needs a name: the member ask");
  if (answers.empty() || answers.size() > kMostAnswers)
    return UsageError(
        fmt::format("a vote has 1 to {} answers, not {}", kMostAnswers, answers.size()));
  const std::lock_guard lock(mutex_);
  ask_ = std::move(ask);
  question_ = std::move(question);
  answers_ = std::move(answers);
  choices_.clear();
  voters_.clear();
  return {};
}

Result<void> Votes::Vote(std::string_view ask, Ballot ballot) {
  const std::lock_guard lock(mutex_);
  if (ask_.empty() || ask != ask_) return Refused("this question is not asked any more");
  if (ballot.choice >= answers_.size())
    return Refused(fmt::format("the question has {} answers, from 0 on", answers_.size()));
  if (ballot.voter.empty() || ballot.voter.size() > 100)
    return UsageError("a vote names its voter");
  const auto known = choices_.find(ballot.voter);
  if (known != choices_.end()) {
    known->second = ballot.choice;
    return {};
  }
  std::size_t& voters = voters_[ballot.from];
  if (voters >= kMostVotersOfAddress) return Refused("too many have voted from this address");
  if (choices_.size() >= kMostVoters) return Refused("too many have voted");
  ++voters;
  choices_.emplace(std::move(ballot.voter), ballot.choice);
  return {};
}

void Votes::End(std::string_view ask) {
  const std::lock_guard lock(mutex_);
  if (ask == ask_) ask_.clear();
}

std::string Votes::Json() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::size_t> counts(answers_.size());
  for (const auto& [voter, choice] : choices_) ++counts[choice];
  std::string answers, numbers;
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    answers += (i == 0 ? "" : ",") + JsonString(answers_[i]);
    numbers += fmt::format("{}{}", i == 0 ? "" : ",", counts[i]);
  }
  return fmt::format(R"({{"ask":{},"question":{},"answers":[{}],"counts":[{}]}})",
                     ask_.empty() ? "null" : JsonString(ask_), JsonString(question_), answers,
                     numbers);
}

}  // namespace delstep
