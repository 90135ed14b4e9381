#include "page/lesson.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "base/json.h"
#include "base/text.h"

namespace delstep {
namespace {

/// What stands after "# say:"; nothing: the comment is another one.
std::optional<std::string> After(std::string_view comment, std::string_view word) {
  while (comment.starts_with('#')) comment.remove_prefix(1);
  comment = Trim(comment);
  if (!comment.starts_with(word)) return std::nullopt;
  comment.remove_prefix(word.size());
  if (!comment.starts_with(':')) return std::nullopt;
  return std::string(Trim(comment.substr(1)));
}

LessonStep::Ask AskOf(const std::string& text) {
  LessonStep::Ask ask;
  for (const std::string_view part : Split(text, '|')) {
    const std::string trimmed(Trim(part));
    if (ask.question.empty() && ask.answers.empty())
      ask.question = trimmed;
    else if (!trimmed.empty())
      ask.answers.push_back(trimmed);
  }
  return ask;
}

void Take(const std::string& comment, LessonStep& step, Lesson& lesson) {
  const auto said = lesson.speaks;
  lesson.speaks = true;
  if (const auto title = After(comment, "title"))
    lesson.title = *title;
  else if (const auto say = After(comment, "say"))
    step.say.push_back(*say);
  else if (const auto note = After(comment, "note"))
    step.note.push_back(*note);
  else if (const auto ask = After(comment, "ask"))
    step.ask = AskOf(*ask);
  else if (const auto scene = After(comment, "scene"))
    step.scene = *scene;
  else
    lesson.speaks = said;
}

std::string Texts(const std::vector<std::string>& texts) {
  std::string json = "[";
  for (const std::string& text : texts) json += (json.size() > 1 ? "," : "") + JsonString(text);
  return json + ']';
}

std::string StepJson(const LessonStep& step) {
  const std::string ask =
      step.ask ? fmt::format(R"({{"question":{},"answers":{}}})", JsonString(step.ask->question),
                             Texts(step.ask->answers))
               : "null";
  return fmt::format(R"({{"line":{},"cmd":{},"say":{},"note":{},"ask":{},"scene":{}}})", step.line,
                     JsonString(step.command), Texts(step.say), Texts(step.note), ask,
                     step.scene.empty() ? "null" : JsonString(step.scene));
}

}  // namespace

Lesson LessonOf(const Script& script) {
  Lesson lesson;
  for (std::size_t i = 0; i < script.statements.size(); i = script.statements[i].end) {
    const Statement& statement = script.statements[i];
    LessonStep step;
    for (const std::string& comment : statement.comments) Take(comment, step, lesson);
    step.line = statement.words.front().line;
    // People read "repeat 3 { ... }"; a page runs the whole of it.
    step.command = statement.block
                       ? fmt::format("{} {{ {} }}", CommandText(statement.words), script.BodyOf(i))
                       : script.TextOf(i);
    lesson.steps.push_back(std::move(step));
  }
  LessonStep last;
  for (const std::string& comment : script.last_comments) Take(comment, last, lesson);
  if (!last.say.empty() || !last.note.empty() || last.ask) lesson.steps.push_back(std::move(last));
  return lesson;
}

Lesson ForViewers(Lesson lesson) {
  for (LessonStep& step : lesson.steps) {
    step.note.clear();
    step.ask.reset();
  }
  return lesson;
}

std::string LessonJson(const Lesson& lesson, const std::string& file) {
  std::string steps;
  for (const LessonStep& step : lesson.steps) steps += (steps.empty() ? "" : ",") + StepJson(step);
  return fmt::format(R"({{"file":{},"title":{},"steps":[{}]}})", JsonString(file),
                     JsonString(lesson.title.empty() ? file : lesson.title), steps);
}

}  // namespace delstep
