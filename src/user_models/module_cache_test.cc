#include "user_models/module_cache.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/current_stop.h"
#include "user_models/module_library.h"
#include "user_models/user_models.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A folder of its own with a source of a module that needs no LibTorch, and the compiler of this
/// build told so.
class ModuleCache : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = fs::temp_directory_path() / "delstep-modules-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    toolchain_ = BuildToolchain();
    toolchain_.flags = {"-std=c++20", "-fPIC", "-shared", "-I" DELSTEP_SOURCE_DIR "/include"};
    toolchain_.libraries.clear();
    toolchain_.headers.clear();
    toolchain_.libtorch = "1.2.3";
    WriteModule("1.2.3");
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    // As if it had been there for a while: what is written while the compiler runs is suspect.
    fs::last_write_time(folder_ / name, fs::file_time_type::clock::now() - std::chrono::hours(1));
    return folder_ / name;
  }
  fs::path WriteModule(const std::string& libtorch) const {
    return Write(
        "module.cpp",
        "#include \"delstep/torch/module_entry.h\"\n"
        "extern \"C\" { extern const delstep::LearningModuleEntry delstep_learning_module;\n"
        "const delstep::LearningModuleEntry delstep_learning_module = {\n"
        "  delstep::kLearningModuleInterface, \"" +
            libtorch + "\", true, nullptr}; }\n");
  }
  Result<fs::path> Compile(const std::string& name = "module.cpp") {
    said_.clear();
    return CompileModule(folder_ / name, toolchain_, folder_ / "cache",
                         [this](std::string_view text) { said_ += text; });
  }
  bool compiled() const { return said_.find("compiling") != std::string::npos; }
  std::size_t FilesInCache() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_ / "cache"), {}));
  }

  fs::path folder_;
  Toolchain toolchain_;
  std::string said_;
};

TEST_F(ModuleCache, CompilesOnceAndLoadsWhatItCompiled) {
  const auto first = Compile();
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_TRUE(compiled());
  EXPECT_THAT(said_, HasSubstr("compiled " + (folder_ / "module.cpp").string() + " in "));
  EXPECT_EQ(FilesInCache(), 2u);  // the library and the list, no scraps

  const auto second = Compile();
  ASSERT_TRUE(second);
  EXPECT_EQ(said_, "");
  EXPECT_EQ(*second, *first);

  const auto entry = OpenModule(*second, "module.cpp", "1.2.3");
  ASSERT_TRUE(entry) << entry.error().message;
  EXPECT_TRUE((*entry)->has_data);
}

TEST_F(ModuleCache, CompilesAnewWhenTheTextChangesAndNotWhenItChangesBack) {
  ASSERT_TRUE(Compile());
  WriteModule("1.2.4");
  const auto changed = Compile();
  ASSERT_TRUE(changed);
  EXPECT_TRUE(compiled());
  // The list is now that of the changed text, so this is found by its content alone.
  WriteModule("1.2.3");
  ASSERT_TRUE(Compile());
  EXPECT_FALSE(compiled());
}

TEST_F(ModuleCache, CompilesAnewWhenAnIncludedFileOrAFlagChanges) {
  Write("own header.h", "inline int Layers() { return 1; }\n");
  Write("module.cpp", "#include \"own header.h\"\nint Use() { return Layers(); }\n");
  ASSERT_TRUE(Compile());
  ASSERT_TRUE(Compile());
  EXPECT_FALSE(compiled());
  Write("own header.h", "inline int Layers() { return 2; }\n");
  ASSERT_TRUE(Compile());
  EXPECT_TRUE(compiled());
  toolchain_.flags.emplace_back("-DANOTHER");
  ASSERT_TRUE(Compile());
  EXPECT_TRUE(compiled());
}

// By this processes on several machines tell whether they have compiled the same.
TEST_F(ModuleCache, TellsTheContentOfAllThatALibraryWasMadeOf) {
  const auto content = [this] {
    return CompiledContent(folder_ / "module.cpp", toolchain_, folder_ / "cache");
  };
  Write("own.h", "inline int Layers() { return 1; }\n");
  Write("module.cpp", "#include \"own.h\"\nint Use() { return Layers(); }\n");
  EXPECT_EQ(content(), std::nullopt) << "nothing is compiled yet";
  ASSERT_TRUE(Compile());
  const auto first = content();
  ASSERT_TRUE(first);
  Write("own.h", "inline int Layers() { return 2; }\n");
  EXPECT_EQ(content(), std::nullopt);
  ASSERT_TRUE(Compile());
  EXPECT_NE(content(), first);
  Write("own.h", "inline int Layers() { return 1; }\n");
  EXPECT_EQ(content(), first);
}

TEST_F(ModuleCache, ShowsWhatTheCompilerSaysAsItIs) {
  const fs::path source = Write("wrong.cpp", "int a = 1;\nint b = nothing;\n");
  const auto failed = Compile("wrong.cpp");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kFile);
  EXPECT_THAT(failed.error().message, HasSubstr("does not compile"));
  EXPECT_THAT(failed.error().message, HasSubstr(source.string() + ":2:9: error: "));
  EXPECT_EQ(FilesInCache(), 0u);
}

TEST_F(ModuleCache, PassesWarningsOn) {
  toolchain_.flags.emplace_back("-Wall");
  Write("module.cpp", "static int unused = 1;\n");
  ASSERT_TRUE(Compile());
  EXPECT_THAT(said_, HasSubstr("-Wunused-variable"));
}

TEST_F(ModuleCache, SaysWhatToInstallWhereSomethingIsMissing) {
  EXPECT_EQ(Compile("nothing.cpp").error().code, ErrorCode::kFile);
  toolchain_.headers = {"/nowhere/torch/torch.h"};
  EXPECT_EQ(Compile().error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(Compile().error().message, HasSubstr("/nowhere/torch/torch.h"));
  EXPECT_THAT(Compile().error().hint, HasSubstr("libtorch-dev"));
  toolchain_.compiler = "/nowhere/c++";
  EXPECT_THAT(Compile().error().message, HasSubstr("/nowhere/c++"));
  toolchain_.libtorch = "";
  EXPECT_EQ(Compile().error().code, ErrorCode::kUnavailable);
}

TEST_F(ModuleCache, IsFilledByRunsAtTheSameTime) {
  std::vector<std::string> libraries(4);
  {
    std::vector<std::jthread> runs;
    for (std::string& library : libraries)
      runs.emplace_back([&] {
        library = CompileModule(folder_ / "module.cpp", toolchain_, folder_ / "cache", {}).value();
      });
  }
  for (const std::string& library : libraries) {
    EXPECT_EQ(library, libraries[0]);
    EXPECT_TRUE(OpenModule(library, "module.cpp", "1.2.3"));
  }
  EXPECT_EQ(FilesInCache(), 2u);
}

// Each run that was stopped while it compiled left its folder for ever.
TEST_F(ModuleCache, RemovesTheFoldersOfRunsThatWereKilledAndNoOthers) {
  for (const char* name : {"compiling-left", "compiling-used"}) {
    fs::create_directories(folder_ / "cache" / name);
    std::ofstream(folder_ / "cache" / name / "rule") << "module.so:";
  }
  const int used = open((folder_ / "cache/compiling-used").c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(flock(used, LOCK_EX), 0);
  ASSERT_TRUE(Compile());
  EXPECT_FALSE(fs::exists(folder_ / "cache/compiling-left"));
  EXPECT_TRUE(fs::exists(folder_ / "cache/compiling-used/rule"));
  close(used);
  ASSERT_TRUE(Compile());
  EXPECT_EQ(FilesInCache(), 2u);  // the library and the list
}

TEST_F(ModuleCache, StopsTheCompilerWhenItsThreadIsToStop) {
  std::stop_source stop;
  stop.request_stop();
  const CurrentStop current(stop.get_token());
  const auto stopped = Compile();
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kInterrupted);
  EXPECT_THAT(stopped.error().message, HasSubstr("was compiled"));
  EXPECT_EQ(FilesInCache(), 0u);
}

TEST_F(ModuleCache, SurvivesAListOfRubbish) {
  ASSERT_TRUE(Compile());
  for (const auto& file : fs::directory_iterator(folder_ / "cache"))
    if (file.path().extension() == ".files") std::ofstream(file.path()) << "\n\xff\n/nowhere";
  ASSERT_TRUE(Compile());
  EXPECT_TRUE(compiled());
}

TEST_F(ModuleCache, RefusesAModuleOfAnotherVersionAndFilesThatAreNone) {
  const auto library = Compile();
  ASSERT_TRUE(library);
  const Error other = OpenModule(*library, "module.cpp", "2.1.0").error();
  EXPECT_EQ(other.code, ErrorCode::kFile);
  EXPECT_THAT(other.message, HasSubstr("interface 1 and LibTorch 1.2.3"));
  EXPECT_THAT(other.message, HasSubstr("interface 1 and LibTorch 2.1.0"));

  Write("empty.cpp", "");
  const auto none = Compile("empty.cpp");
  ASSERT_TRUE(none);
  const Error entryless = OpenModule(*none, "empty.cpp", "1.2.3").error();
  EXPECT_EQ(entryless.code, ErrorCode::kFile);
  EXPECT_THAT(entryless.hint, HasSubstr("DELSTEP_LEARNING_MODULE"));

  EXPECT_EQ(OpenModule(Write("text.so", "no library"), "text.so", "1").error().code,
            ErrorCode::kFile);
  EXPECT_EQ(LoadLearningModule("").error().code, ErrorCode::kUsage);
}

TEST_F(ModuleCache, RefusesALibraryThatIsCutOff) {
  const auto library = Compile();
  ASSERT_TRUE(library);
  const fs::path cut = folder_ / "cut.so";
  for (const std::uintmax_t size : {fs::file_size(*library) / 3, std::uintmax_t{100}}) {
    fs::copy_file(*library, cut, fs::copy_options::overwrite_existing);
    fs::resize_file(cut, size);
    const auto entry = OpenModule(cut, "module.cpp", "1.2.3");
    ASSERT_FALSE(entry);
    EXPECT_EQ(entry.error().code, ErrorCode::kFile);
    EXPECT_THAT(entry.error().message, HasSubstr("is cut off"));
  }
}

TEST_F(ModuleCache, WritesATemplateOnce) {
  const fs::path file = folder_ / "learning_module.cpp";
  ASSERT_TRUE(WriteModuleTemplate(file));
  EXPECT_GT(fs::file_size(file), 1000u);
  EXPECT_EQ(WriteModuleTemplate(file).error().code, ErrorCode::kRefused);
  EXPECT_EQ(WriteModuleTemplate(folder_ / "no/such/folder.cpp").error().code, ErrorCode::kFile);
}

// The line that the program said to run had no quotes, and the page named a file of another name.
TEST_F(ModuleCache, WritesATemplateThatNamesItsFileAsAShellReadsIt) {
  const fs::path file = folder_ / "my module.cpp";
  ASSERT_TRUE(WriteModuleTemplate(file));
  std::ifstream stream(file);
  const std::string page(std::istreambuf_iterator<char>(stream), {});
  EXPECT_THAT(page, HasSubstr("//   delstep '" + file.string() + "'\n"));
  EXPECT_THAT(page, testing::Not(HasSubstr("learning_module.cpp")));
}

// The formatter of this source tree once broke the template's lines anew, deep in the page.
TEST_F(ModuleCache, WritesATemplateThatLooksWrittenByHand) {
  const fs::path file = folder_ / "learning_module.cpp";
  ASSERT_TRUE(WriteModuleTemplate(file));
  std::ifstream stream(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    EXPECT_LE(line.size(), 100u) << line;
    lines.push_back(line);
  }
  for (const char* first : {"struct Net : torch::nn::Module {", "DELSTEP_LEARNING_MODULE(Mine)"})
    EXPECT_THAT(lines, testing::Contains(first));
}

}  // namespace
}  // namespace delstep
