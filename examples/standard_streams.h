// SPDX-License-Identifier: Apache-2.0
// A program's standard streams: there from the start, and what cannot be written to them is noticed.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace thaw {

// Runs a whole program: `body` gives the exit status. Around it the standard streams are made safe: one that was closed
// is opened, so that no file takes its number (reading or writing it fails); `stdout` keeps the reason of a failed
// write, beyond which it writes nothing; what `stderr` cannot take is dropped and stops nothing. An exception of the
// body, or standard output that could not be written, is one line on the standard error, after `name`, and status 1. A
// signal that ends the program (SIGINT, SIGTERM, SIGHUP) removes its temporary files (tensor/io/temporary_names.h).
int run_program(const std::string& name, const std::function<int()>& body);

// A message on one line (tensor/quote.h), of at most some 1000 bytes: the middle of a longer one is left out.
std::string error_line(std::string_view message);

// Writes what is pending. Throws std::runtime_error "standard output: cannot be written: No space left on device".
void flush_standard_output();

// From now on a standard output that cannot be written stops nothing: for work that must not be lost. run_program()
// tells of it at the end.
void outlive_standard_output();

}  // namespace thaw
