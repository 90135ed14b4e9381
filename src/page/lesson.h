#pragma once
/// A lesson: an ordinary script whose comments speak to a class.
///
///   # title: Gossip in a ring
///   # say: Every node knows only its own digits.
///   # note: ask who has heard of gossip          for the speaker's screen
///   # ask: Who is best? | ann | ben | nobody
///   # scene: network
///   flood
///
/// Comments belong to the next command. The console reads them as comments: `delstep -f lesson.del`
/// runs the lesson without a page.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "console/language/script.h"

namespace delstep {

struct LessonStep {
  struct Ask {
    std::string question;
    std::vector<std::string> answers;
  };
  std::uint32_t line = 0;  ///< of the command; 0: comments after the last one
  std::string command;     ///< a whole one, "repeat 3 { train; ag }"; may be empty
  std::vector<std::string> say, note;
  std::optional<Ask> ask;
  std::string scene;  ///< "network", "time", "curves", "why"; empty: stay
};

struct Lesson {
  std::string title;    ///< empty: it has none
  bool speaks = false;  ///< some comment means something to a page
  std::vector<LessonStep> steps;
};

Lesson LessonOf(const Script& script);
/// What somebody who only looks on may read ahead of the class: no notes, which may have the answers,
/// and no questions, which come when they are asked.
Lesson ForViewers(Lesson lesson);
std::string LessonJson(const Lesson& lesson, const std::string& file);

}  // namespace delstep
