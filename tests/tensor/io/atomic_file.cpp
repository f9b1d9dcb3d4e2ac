// SPDX-License-Identifier: Apache-2.0
// Files and directories appear whole or not at all, and a failure names the file and leaves the former one alone.
#include "tensor/io/atomic_file.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <filesystem>
#include <functional>

#include "tensor/io/temporary_names.h"
#include "tests/error_of.h"
#include "tests/file_bytes.h"
#include "tests/scratch_folder.h"

namespace thaw {

namespace {

const auto error_in = [](const auto& f) { return error_of<std::runtime_error>(f); };

namespace fs = std::filesystem;

size_t count_files(const fs::path& directory) {
  return static_cast<size_t>(std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

// The limit under which the body runs, as `ulimit -f` would set it.
void with_file_size_limit(rlim_t bytes, const std::function<void()>& body) {
  rlimit former{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &former) == 0);
  rlimit limited = former;
  limited.rlim_cur = bytes;
  REQUIRE(setrlimit(RLIMIT_FSIZE, &limited) == 0);
  body();
  REQUIRE(setrlimit(RLIMIT_FSIZE, &former) == 0);
}

}  // namespace

TEST_CASE("atomic file: bytes that are written may be replaced until the end") {
  const ScratchFolder folder;
  AtomicFile file(folder / "a");
  file.write("header, rows");
  file.overwrite(0, "HEAD");
  file.overwrite(8, "ROWS");
  CHECK_THROWS_WITH_AS(file.overwrite(9, "rows"), doctest::Contains("bytes 9 to 13 of 12 cannot be replaced"),
                       std::invalid_argument);
  file.write(" and more");
  file.commit();
  CHECK(read_bytes(folder / "a") == "HEADer, ROWS and more");
}

TEST_CASE("atomic file: a signal's handler removes what is under way, and nothing that is finished or given up") {
  const ScratchFolder folder;
  {
    AtomicFile finished(folder / "finished");
    finished.write("all");
    finished.commit();
    const AtomicFile given_up(folder / "given up");
  }
  AtomicFile one(folder / "one"), other(folder / "other");
  one.write("a part");
  CHECK(count_files(folder.path()) == 3);
  remove_temporary_files();
  CHECK(count_files(folder.path()) == 1);
  CHECK(read_bytes(folder / "finished") == "all");
  CHECK(error_in([&] { one.commit(); }).find("one: cannot be put in place") != std::string::npos);
}

TEST_CASE("atomic file: a new file appears on commit, and replaces a former one") {
  const ScratchFolder directory;
  const std::string path = directory / "a.txt";
  {
    AtomicFile file(path);
    file.write("one ");
    CHECK_FALSE(fs::exists(path));
    file.write("two");
    file.commit();
  }
  CHECK(read_bytes(path) == "one two");
  write_file_atomically(path, "");
  CHECK(read_bytes(path).empty());
  write_file_atomically(path, std::string(100000, 'x'));
  CHECK(read_bytes(path) == std::string(100000, 'x'));
  CHECK(count_files(directory.path()) == 1);
}

TEST_CASE("atomic file: without commit the former file stays and nothing is left behind") {
  const ScratchFolder directory;
  const std::string path = directory / "a.txt";
  write_file_atomically(path, "former");
  {
    AtomicFile file(path, 1 << 20);
    file.write("new");
  }
  CHECK(read_bytes(path) == "former");
  CHECK(count_files(directory.path()) == 1);
}

TEST_CASE("atomic file: more space taken than written is given back") {
  const ScratchFolder directory;
  AtomicFile file(directory / "a", 1 << 20);
  file.write("abc");
  file.commit();
  CHECK(read_bytes(directory / "a") == "abc");
}

TEST_CASE("atomic file: a link is replaced, what it points to stays") {
  const ScratchFolder directory;
  write_bytes(directory / "target", "kept");
  fs::create_symlink("target", directory / "link");
  write_file_atomically(directory / "link", "new");
  CHECK(read_bytes(directory / "target") == "kept");
  CHECK(read_bytes(directory / "link") == "new");
}

TEST_CASE("atomic file: what cannot be written is an error that names the file") {
  const ScratchFolder directory;
  write_bytes(directory / "file", "x");
  const auto error_for = [](const std::string& path) {
    return error_of<std::exception>([&] { write_file_atomically(path, "text"); });
  };
  CHECK(error_for(directory / "none/a") == directory / "none/a" + ": cannot be written: No such file or directory");
  CHECK(error_for(directory / "file/a") == directory / "file/a" + ": cannot be written: Not a directory");
  CHECK(error_for(directory.path().string()) == directory.path().string() + ": cannot be written: not a regular file");
  CHECK(error_for("/dev/full") == "/dev/full: cannot be written: not a regular file");
  CHECK(error_for(directory / std::string(250, 'n')).find("File name too long") != std::string::npos);
  CHECK(error_for("").find("does not name a file") != std::string::npos);
}

TEST_CASE("atomic file: a file-size limit is an error, not a signal, and leaves the former file") {
  const ScratchFolder directory;
  const std::string path = directory / "a";
  write_file_atomically(path, "former");
  with_file_size_limit(4096, [&] {
    CHECK(error_in([&] { write_file_atomically(path, std::string(10000, 'x')); }) ==
          path + ": cannot be written: File too large (10000 bytes are needed)");
    CHECK(error_in([&] {
            AtomicFile file(path);
            file.write(std::string(10000, 'x'));
            file.commit();
          }) == path + ": cannot be written: File too large (after 4096 bytes)");
    write_file_atomically(directory / "small", std::string(4096, 'y'));
  });
  CHECK(read_bytes(path) == "former");
  CHECK(read_bytes(directory / "small").size() == 4096);
  CHECK(count_files(directory.path()) == 2);
  sigset_t pending;
  REQUIRE(sigpending(&pending) == 0);
  CHECK(sigismember(&pending, SIGXFSZ) == 0);
}

TEST_CASE("atomic file: killed before commit, the former file is whole") {
  const ScratchFolder directory;
  const std::string path = directory / "a";
  write_file_atomically(path, "former");
  const pid_t child = fork();
  if (child == 0) {
    AtomicFile file(path, 1 << 16);
    file.write(std::string(5000, 'x'));
    raise(SIGKILL);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(read_bytes(path) == "former");
}

TEST_CASE("atomic directory: appears with all its files on commit") {
  const ScratchFolder directory;
  const std::string path = directory / "step-10";
  {
    AtomicDirectory checkpoint(path + "/");
    write_bytes(checkpoint.path() + "/a", "one");
    fs::create_directory(checkpoint.path() + "/sub");
    write_bytes(checkpoint.path() + "/sub/b", "two");
    CHECK_FALSE(fs::exists(path));
    checkpoint.commit();
  }
  CHECK(read_bytes(path + "/a") == "one");
  CHECK(read_bytes(path + "/sub/b") == "two");
  CHECK(count_files(directory.path()) == 1);
  CHECK(error_in([&] { AtomicDirectory again(path); }) == path + ": exists already");
}

TEST_CASE("parent directories: without commit those that were made go away again, with it they stay") {
  const ScratchFolder directory;
  {
    const ParentDirectories parents(directory / "a/b/c");
    CHECK(fs::is_directory(directory / "a/b"));
    CHECK_FALSE(fs::exists(directory / "a/b/c"));
  }
  CHECK(count_files(directory.path()) == 0);
  {
    ParentDirectories parents(directory / "a/b/c/");
    CHECK_FALSE(fs::exists(directory / "a/b/c"));
    parents.commit();
  }
  {
    const ParentDirectories parents(directory / "a/b/d/e");
    write_bytes(directory / "a/b/d/other", "of another program");
  }
  CHECK(fs::exists(directory / "a/b/d/other"));
  { const ParentDirectories parents(directory / "a/b/x/y"); }
  CHECK(fs::exists(directory / "a/b"));
  CHECK_FALSE(fs::exists(directory / "a/b/x"));
  write_bytes(directory / "file", "x");
  CHECK(error_in([&] {
          ParentDirectories none(directory / "file/g/h");
        }).starts_with((directory / "file/g") + ": cannot be created"));
}
TEST_CASE("atomic directory: without commit nothing is left, and what a killed run left is cleared") {
  const ScratchFolder directory;
  const std::string path = directory / "step-10";
  {
    AtomicDirectory checkpoint(path);
    write_bytes(checkpoint.path() + "/a", "one");
  }
  CHECK(count_files(directory.path()) == 0);
  fs::create_directory(path + ".tmp");
  write_bytes(path + ".tmp/old", "half");
  AtomicDirectory checkpoint(path);
  CHECK_FALSE(fs::exists(checkpoint.path() + "/old"));
  checkpoint.commit();
  CHECK(fs::is_directory(path));
  CHECK(error_in([&] {
          AtomicDirectory none(directory / "none/x");
        }).starts_with(directory / "none/x.tmp: cannot be created"));
}

}  // namespace thaw
