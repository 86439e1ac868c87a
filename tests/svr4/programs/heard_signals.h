/* For programs about signals: a handler that notes all that it is told, and how it is set. */
#pragma once
#include "stropts.h"

static volatile int caught, code, sender, value, calls, child_status;
static volatile uint address, place, frame_stack;
static void *volatile had_info;
static ucontext_t seen;

static void note(int number, siginfo_t *info, ucontext_t *context) {
  caught = number;
  ++calls;
  had_info = info;
  code = info ? info->si_code : 12345;
  if (info) {
    sender = info->u.sent.pid;
    value = info->u.sent.value;
    address = (uint)info->u.fault.addr;
    child_status = info->u.child.status;
  }
  place = context->gregs[EIP];
  frame_stack = handler_stack;
  memcpy(&seen, context, sizeof seen);
}

static void set(int number, void (*handler)(int, siginfo_t *, ucontext_t *), uint flags, int masks) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler_entry;
  action.sa_flags = flags;
  if (masks) action.sa_mask.bits[0] = 1u << (masks - 1);
  handler_function = handler;
  sigaction(number, &action, NULL);
  caught = calls = 0;
  code = 12345;
}
static void plain(int number, void *what) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = what;
  sigaction(number, &action, NULL);
}
static sigset_t only(int number) {
  sigset_t one;
  memset(&one, 0, sizeof one);
  one.bits[(number - 1) / 32] = 1u << ((number - 1) % 32);
  return one;
}
static int blocked(int number) {
  sigset_t now;
  sigprocmask(0, NULL, &now);
  return now.bits[(number - 1) / 32] >> ((number - 1) % 32) & 1;
}
static void block(int how, int number) {
  const sigset_t one = only(number);
  sigprocmask(how, &one, NULL);
}
