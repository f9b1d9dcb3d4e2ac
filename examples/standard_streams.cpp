// SPDX-License-Identifier: Apache-2.0
// stdout and stderr become streams of our own (fopencookie), so that all that prints to them goes through one function.
#include "examples/standard_streams.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <new>
#include <utility>

#include "tensor/check.h"
#include "tensor/io/temporary_names.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

// What became of the standard output.
struct Output {
  int error = 0;  // errno of the first write that failed
  bool outlived = false;
};

Output output;

// Writes all; waits where the other end is slow and its reader made the stream non-blocking. Returns 0 or errno.
int write_all(int file, const char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(file, bytes, size);
    if (written >= 0) {
      bytes += written;
      size -= static_cast<size_t>(written);
    } else if (errno == EAGAIN) {
      pollfd ready{file, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

ssize_t write_output(void*, const char* bytes, size_t size) {
  if (output.error == 0) output.error = write_all(STDOUT_FILENO, bytes, size);
  if (output.error == 0 || output.outlived) return static_cast<ssize_t>(size);
  errno = output.error;
  return 0;
}

ssize_t write_errors(void*, const char* bytes, size_t size) {
  write_all(STDERR_FILENO, bytes, size);
  return static_cast<ssize_t>(size);
}

// A closed stream is opened the wrong way round: whoever reads or writes it is told that it cannot be (EBADF). Messages
// to a closed standard error are dropped.
void open_closed_streams() {
  constexpr std::pair<int, int> streams[] = {
      {STDIN_FILENO, O_WRONLY}, {STDOUT_FILENO, O_RDONLY}, {STDERR_FILENO, O_WRONLY}};
  for (const auto& [file, flags] : streams)
    if (::fcntl(file, F_GETFD) < 0 && ::open("/dev/null", flags) != file) fail("/dev/null: cannot be opened");
}

void replace_streams() {
  std::FILE* out = fopencookie(nullptr, "w", {nullptr, write_output, nullptr, nullptr});
  std::FILE* errors = fopencookie(nullptr, "w", {nullptr, write_errors, nullptr, nullptr});
  if (!out || !errors) throw std::bad_alloc();
  if (::isatty(STDOUT_FILENO) == 1) std::setvbuf(out, nullptr, _IOLBF, BUFSIZ);
  std::setvbuf(errors, nullptr, _IONBF, 0);
  stdout = out;
  stderr = errors;
}

// Raised again, the signal ends the process as it would have without the handler.
extern "C" void on_end_signal(int signal) {
  remove_temporary_files();
  std::raise(signal);
}

void clean_up_at_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action = {};
    if (sigaction(signal, nullptr, &action) != 0 || action.sa_handler != SIG_DFL) continue;  // nohup ignores it
    action.sa_handler = on_end_signal;
    sigemptyset(&action.sa_mask);
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(signal, &action, nullptr);
  }
}

std::string output_error() {
  return fmt::format("standard output: cannot be written: {}", std::strerror(output.error));
}

// Some file systems tell only now that the disk is full.
void close_output() {
  if (std::fflush(stdout) != 0 && output.error == 0) output.error = errno;
  if (::close(STDOUT_FILENO) != 0 && output.error == 0) output.error = errno;
}

}  // namespace

std::string error_line(std::string_view message) {
  constexpr size_t kept = 500;  // at either end
  std::string line = one_line(message);
  if (line.size() <= 2 * kept) return line;
  const auto within_character = [&](size_t at) { return (static_cast<unsigned char>(line[at]) & 0xC0) == 0x80; };
  size_t begin = kept, end = line.size() - kept;
  while (begin > 0 && within_character(begin)) --begin;
  while (end < line.size() && within_character(end)) ++end;
  return line.replace(begin, end - begin, " ... ");
}

int run_program(const std::string& name, const std::function<int()>& body) {
  int status = 0;
  std::string error;
  try {
    open_closed_streams();
    std::signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is an error like a full disk
    clean_up_at_signals();
    replace_streams();
    status = body();
  } catch (const std::bad_alloc&) {
    error = "there is not enough memory";
  } catch (const std::filesystem::filesystem_error& exception) {
    error = exception.path1().string() + ": " + exception.code().message();
  } catch (const std::exception& exception) {
    error = exception.what();
  }
  // What a failed write made the body throw says less than the write's own error.
  if (output.error != 0 && !output.outlived) error.clear();
  close_output();
  if (error.empty() && output.error != 0) error = output_error();
  if (error.empty()) return status;
  std::fputs(fmt::format("{}: {}\n", name, error_line(error)).c_str(), stderr);
  return 1;
}

void flush_standard_output() {
  if (std::fflush(stdout) != 0 || (output.error != 0 && !output.outlived)) fail("{}", output_error());
}

void outlive_standard_output() {
  output.outlived = true;
  std::signal(SIGPIPE, SIG_IGN);  // a reader that has gone is an error like a full disk
}

}  // namespace thaw
