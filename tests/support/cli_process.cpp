// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/cli_process.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace weft::test {
namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

// Standard input as an unlinked file: a child that does not read it blocks nobody.
int input_file(const std::string& text) {
  char name[] = "/tmp/weft-stdin-XXXXXX";
  const int fd = ::mkstemp(name);
  if (fd < 0 || ::unlink(name) != 0 || ::write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::lseek(fd, 0, SEEK_SET) != 0)
    throw std::runtime_error("no temporary file");
  return fd;
}

}  // namespace

Process::Process(std::vector<std::string> arguments, ProcessOptions options)
    : options_(std::move(options)), started_(now()) {
  arguments.insert(arguments.begin(), std::string(WEFT_BINARY_DIR) + "/weft-cli");
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  int out[2], err[2];
  if (::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  if (options_.pipe_bytes > 0) ::fcntl(out[1], F_SETPIPE_SZ, options_.pipe_bytes);
  const int in = input_file(options_.input);
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("no process");
  if (pid_ == 0) {
    ::dup2(in, STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    if (!options_.folder.empty() && ::chdir(options_.folder.c_str()) != 0) ::_exit(126);
    if (options_.before_exec) options_.before_exec();
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(in);
  ::close(out[1]);
  ::close(err[1]);
  out_fd_ = out[0];
  err_fd_ = err[0];
}

Process::~Process() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (out_fd_ >= 0) ::close(out_fd_);
  if (err_fd_ >= 0) ::close(err_fd_);
}

bool Process::pump(bool out, bool err) {
  pollfd fds[2] = {{out ? out_fd_ : -1, POLLIN, 0}, {err ? err_fd_ : -1, POLLIN, 0}};
  if (fds[0].fd < 0 && fds[1].fd < 0) return false;
  const double left = started_ + options_.kill_after_seconds - now();
  if (left <= 0 || ::poll(fds, 2, static_cast<int>(left * 1000) + 1) == 0) {
    ::kill(pid_, SIGKILL);
    return false;
  }
  const auto take = [](const pollfd& poll, int& fd, std::string& text) {
    if (poll.fd < 0 || !(poll.revents & (POLLIN | POLLHUP))) return;
    char buffer[65536];
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got > 0) {
      text.append(buffer, static_cast<std::size_t>(got));
    } else {
      ::close(fd);
      fd = -1;
    }
  };
  take(fds[0], out_fd_, out_);
  take(fds[1], err_fd_, err_);
  return true;
}

void Process::wait_until_output_stands_still() {
  for (int before = -1, unread = 0, quiet = 0; quiet < 10 && ::ioctl(out_fd_, FIONREAD, &unread) == 0;
       before = unread) {
    quiet = unread == before && unread > 0 ? quiet + 1 : 0;
    ::poll(nullptr, 0, 10);
  }
}

std::string Process::read_line() {
  for (;;) {
    if (const std::size_t end = out_.find('\n', out_read_); end != std::string::npos) {
      const std::string line = out_.substr(out_read_, end - out_read_);
      out_read_ = end + 1;
      return line;
    }
    if (out_fd_ < 0 || !pump(true, true)) return "";
  }
}

bool Process::wait_for_error_text(const std::string& text) {
  while (err_.find(text) == std::string::npos)
    if (err_fd_ < 0 || !pump(false, true)) return err_.find(text) != std::string::npos;
  return true;
}

void Process::send(int signal) const {
  ::kill(pid_, signal);
}

ProcessResult Process::finish() {
  while (pump(true, true)) {
  }
  int status = 0;
  rusage usage{};
  ::wait4(pid_, &status, 0, &usage);
  pid_ = -1;
  ProcessResult result;
  result.code = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  result.out = out_;
  result.err = err_;
  result.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  result.wall_seconds = now() - started_;
  result.max_rss_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  return result;
}

ProcessResult run_cli(std::vector<std::string> arguments, ProcessOptions options) {
  return Process(std::move(arguments), std::move(options)).finish();
}

void obey_file_permissions() {
  if (::geteuid() == 0 && ::prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE) != 0) ::_exit(125);
}

void limit_file_size(std::uint64_t bytes) {
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, bytes};
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(125);
}

}  // namespace weft::test
