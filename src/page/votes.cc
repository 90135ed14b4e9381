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
  return {};
}

Result<void> Votes::Vote(std::string_view ask, std::size_t choice, std::string voter) {
  const std::lock_guard lock(mutex_);
  if (ask_.empty() || ask != ask_) return Refused("this question is not asked any more");
  if (choice >= answers_.size())
    return Refused(fmt::format("the question has {} answers, from 0 on", answers_.size()));
  if (voter.empty() || voter.size() > 100) return UsageError("a vote names its voter");
  if (choices_.size() >= kMostVoters && !choices_.contains(voter))
    return Refused("too many have voted");
  choices_[std::move(voter)] = choice;
  return {};
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
