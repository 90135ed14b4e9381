#include "network/remote/conversation.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace delstep::remote {
namespace {

/// The next line that is more than a sign of life.
Result<Answer> Listen(HelperProcess& process, std::size_t most_ended) {
  for (;;) {
    DELSTEP_ASSIGN(const std::string line, process.ReadLine());
    auto answer = ReadAnswer(line, most_ended);
    if (!answer) return process.Garbage(answer.error().message);
    if (!std::holds_alternative<Alive>(*answer)) return answer;
  }
}

/// The answer as the kind that was asked for.
template <class Kind>
Result<Kind> Expect(HelperProcess& process, Answer answer) {
  if (auto* wanted = std::get_if<Kind>(&answer)) return std::move(*wanted);
  // What the helper cannot do it says in place of any answer, and ends.
  if (auto* failed = std::get_if<Failed>(&answer))
    return Unavailable(std::move(failed->error), std::move(failed->hint));
  return process.Garbage("this is no answer to what was asked");
}

}  // namespace

Result<Passing> AskToPass(HelperProcess& process, std::string_view lines, std::size_t most_ended) {
  // All lines go in one piece: a helper that works on the first ones can be told the others
  // meanwhile.
  DELSTEP_TRY(process.Write(lines));
  DELSTEP_ASSIGN(Answer answer, Listen(process, most_ended));
  return Expect<Passing>(process, std::move(answer));
}

Result<std::unique_ptr<HelperProcess>> Begin(const HelperProgram& program,
                                             const std::string& begin_line, std::string& version) {
  DELSTEP_ASSIGN(auto process, HelperProcess::Start(program));
  DELSTEP_TRY(process->Write(begin_line));
  DELSTEP_ASSIGN(Answer answer, Listen(*process, 0));
  DELSTEP_ASSIGN(Hello hello, Expect<Hello>(*process, std::move(answer)));
  version = std::move(hello.version);
  return process;
}

Result<std::unique_ptr<HelperProcess>> Fork(HelperProcess& process) {
  auto pair = process.MakePair();
  // Too many descriptors, say: that is no fault of the helper.
  if (!pair) return std::unique_ptr<HelperProcess>();
  DELSTEP_TRY(process.WriteWith(ForkLine(), pair->theirs));
  // Only the copy may hold it, or we would not see that the copy has gone.
  pair->theirs = Descriptor();
  DELSTEP_ASSIGN(Answer answer, Listen(process, 0));
  DELSTEP_ASSIGN(const Forked forked, Expect<Forked>(process, std::move(answer)));
  if (forked.process == 0) return std::unique_ptr<HelperProcess>();
  return process.Adopt(std::move(pair->ours), forked.process);
}

}  // namespace delstep::remote
