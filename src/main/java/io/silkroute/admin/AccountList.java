package io.silkroute.admin;

import java.util.List;

/** All accounts, oldest first. */
public record AccountList(List<AccountView> accounts) {}
