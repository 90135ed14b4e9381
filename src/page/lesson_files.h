#pragma once
/// Which lessons there are: scripts in the working directory, in `lessons/` below it, and beside
/// the scenarios, with a comment that means something to a page.
#include <string>

#include "delstep/result.h"
#include "page/access.h"

namespace delstep {

/// {"lessons":[{"file":"lesson.del","title":...}]}
std::string LessonsJson();
/// See LessonJson(), and for those who only look ForViewers(). `file` is a name as LessonsJson() has
/// it, without a folder. Errors: kFile.
Result<std::string> ReadLessonJson(const std::string& file, Rights rights);

}  // namespace delstep
