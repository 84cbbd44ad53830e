//! Cognito's operations on the saved pools.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use serde_json::json;

use super::answer::Refusal;
use super::call::{self, OPERATIONS, SandboxCall, Signer};
use super::case::Case;
use super::faults::Effects;
use super::keyed::CollectionCall;
use super::lock::locked;
use super::log::Trace;
use super::of_clients::OfClientRow;
use super::paging::{self, PageRequest};
use super::rules;
use super::singles::SingleRow;
use super::state::{Collection, SideDocument, State};
use super::store::Store;
use super::stored::StoredPool;
use super::turns::{TurnScope, Turns};
use super::{
    Omission, SandboxError, collections, create, domains, ids, mfa, mirrors, schema, slots, tags, unmanaged,
    update, validate,
};
use crate::document::{Json, Object};
use crate::shapes::Shapes;

/// The largest page of `ListUserPools`. **\[M\]**
const LARGEST_PAGE: usize = 60;

/// The service itself, without HTTP, and only with the faults that change pools.
pub(super) struct Service {
    store: Store,
    shapes: Shapes,
    omission: Omission,
    /// No write of this process loses another.
    turns: Turns,
    made: Mutex<Vec<MadeDocument>>,
}

/// A document that was made: its pool, its collection and its key; the pool itself if there is no collection.
type MadeDocument = (String, Option<Collection>, String);

impl Service {
    pub(super) fn new(store: Store, omission: Omission) -> Self {
        Self { store, shapes: Shapes::bundled(), omission, turns: Turns::default(), made: Mutex::default() }
    }

    /// The body of the answer to a call.
    pub(super) fn handle(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        trace: &mut Trace<'_>,
    ) -> Result<Bytes, Refusal> {
        let _turn = self.turns.take(scope(call, effects));
        trace.acts();
        if !OPERATIONS.contains(&call.operation.as_str()) {
            return Err(Refusal::unknown(&call.operation));
        }
        let shown = |word: &str| self.shows(call, word);
        let request = validate::request(&self.shapes, &call.operation, &call.body, &shown)?;
        match call.operation.as_str() {
            "DescribeUserPool" => self.read(call, effects, trace, |pool| pool.described()),
            "ListUserPools" => self.page(call, effects, &request),
            _ => {
                let document = self.document(call, effects, trace, &request)?;
                Ok(document.map_or_else(Bytes::new, |document| document.to_string().into()))
            }
        }
    }

    /// The answer to a call; nothing for an operation that answers with an empty body.
    fn document(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        trace: &mut Trace<'_>,
        request: &Object,
    ) -> Result<Option<Json>, Refusal> {
        let Some(call) = self.located(call)? else { return Ok(Some(domains::nothing())) };
        let call = &*call;
        let operation = call.operation.as_str();
        if let Some(answer) = self.on_side(call, effects, trace, request) {
            return answer;
        }
        let done = match operation {
            "CreateUserPool" => return self.make(call, effects, request, trace),
            "GetUserPoolMfaConfig" => {
                self.read(call, effects, trace, |state| Json::Object(mirrors::mfa_on_read(state)))
            }
            "ListTagsForResource" => self.read(
                call,
                effects,
                trace,
                |state| json!({"Tags": state.pool.get("UserPoolTags").cloned().unwrap_or_else(|| json!({}))}),
            ),
            "ListUserPoolReplicas" => self.read(call, effects, trace, |state| {
                let region = call.pool_id().and_then(ids::region_of).unwrap_or(ids::DEFAULT_REGION);
                unmanaged::replicas(state, region)
            }),
            "ListUserPoolClientSecrets" => {
                let answer = self.read(call, effects, trace, |state| unmanaged::secrets(state, request))?;
                return answer.map(Some);
            }
            "DeleteUserPool" => return self.delete(call, effects, trace).map(|()| None),
            "SetUserPoolMfaConfig" => self
                .write(call, effects, trace, |live, region| self.written(operation, live, request, region))
                .map(|state| Json::Object(mirrors::mfa_on_read(&state))),
            _ => self
                .write(call, effects, trace, |live, region| self.written(operation, live, request, region))
                .map(|_| json!({})),
        };
        done.map(Some)
    }

    /// Makes a pool.
    fn make(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        request: &Object,
        trace: &mut Trace<'_>,
    ) -> Result<Option<Json>, Refusal> {
        let pool = self.create(call, effects, request, trace)?;
        let id = pool["UserPool"]["Id"].as_str().unwrap_or_default().to_owned();
        locked(&self.made).push((id.clone(), None, id));
        Ok(Some(pool))
    }

    /// Whether a list lacks a document that was made: a pool if there is no collection.
    fn hides(&self, effects: &Effects, pool: &str, collection: Option<Collection>, key: &str) -> bool {
        let is_it = |made: &MadeDocument| made.0 == pool && made.1 == collection && made.2 == key;
        effects.lags && locked(&self.made).iter().any(is_it)
    }

    /// The pool without the documents that were made since the start.
    fn without_made(&self, pool: &str, live: &State) -> State {
        let mut state = live.clone();
        for (_, collection, key) in locked(&self.made).iter().filter(|made| made.0 == pool) {
            let documents = collection.and_then(|collection| state.collections.get_mut(&collection));
            documents.map(|documents| Arc::make_mut(documents).shift_remove(key));
        }
        state
    }

    /// The response to a call about another document than the pool's own; `None` for any other call.
    fn on_side(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        trace: &mut Trace<'_>,
        request: &Object,
    ) -> Option<Result<Option<Json>, Refusal>> {
        let (operation, rows) = (call.operation.as_str(), collections::ROWS);
        if let Some(on) = CollectionCall::of(rows, operation, request, id_in(call), &self.shapes) {
            return Some(self.on_collection(call, effects, trace, &on));
        }
        if let Some(of_client) = collections::of_client(operation, request) {
            return Some(self.on_client(call, effects, trace, request, of_client));
        }
        let single = collections::single(operation)?;
        Some(self.on_single(call, effects, trace, request, single))
    }

    /// The call, about the pool whose domain it names if it names no pool; `None` if no pool has the domain.
    fn located<'a>(&self, call: &'a SandboxCall) -> Result<Option<Cow<'a, SandboxCall>>, Refusal> {
        match (call.operation.as_str(), self.pool_of_domain(call)?) {
            ("DescribeUserPoolDomain", pool) => Ok(pool.map(|pool| Cow::Owned(call.about(&pool)))),
            ("CreateUserPoolDomain", Some(pool)) if call.pool_id() != Some(&pool) => Err(domains::taken()),
            _ => Ok(Some(Cow::Borrowed(call))),
        }
    }

    /// A call of an operation on a document of which a pool has one; `writes` if it writes.
    fn on_single(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        trace: &mut Trace<'_>,
        request: &Object,
        (row, writes): (&SingleRow, bool),
    ) -> Result<Option<Json>, Refusal> {
        let state = match writes {
            true => self.write(call, effects, trace, |live, region| row.written(live, request, region))?,
            false => self.read(call, effects, trace, Arc::clone)?,
        };
        row.answer(id_in(call), &state).map(Some)
    }

    /// A call of an operation on a document of which each app client has one; `writes` if it writes.
    fn on_client(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        trace: &mut Trace<'_>,
        request: &Object,
        (row, writes): (&OfClientRow, bool),
    ) -> Result<Option<Json>, Refusal> {
        let state = match writes {
            true => self.write(call, effects, trace, |live, region| row.written(live, request, region))?,
            false => self.read(call, effects, trace, Arc::clone)?,
        };
        row.answer(&state, request).map(Some)
    }

    /// The pool, of whichever account, that has the domain which a call names.
    fn pool_of_domain(&self, call: &SandboxCall) -> Result<Option<String>, Refusal> {
        let Some(name) = call.body.get("Domain").and_then(Json::as_str) else { return Ok(None) };
        for id in self.store.ids()?.iter() {
            if self.store.load(id)?.is_some_and(|state| slots::has(&state, name)) {
                return Ok(Some(id.clone()));
            }
        }
        Ok(None)
    }

    /// The Regions that have a pool, and the caller's.
    pub(super) fn regions(&self, caller: &Signer) -> Result<BTreeSet<String>, Refusal> {
        let ids = self.store.ids()?;
        let of_pools = ids.iter().filter_map(|id| ids::region_of(id)).map(str::to_owned);
        Ok(of_pools.chain(caller.region.clone()).collect())
    }

    /// Whether the documents of the pool that a call names contain this word.
    fn shows(&self, call: &SandboxCall, word: &str) -> bool {
        let live = call.pool_id().and_then(|id| self.store.load(id).ok().flatten());
        live.is_some_and(|live| {
            let sides = SideDocument::ALL.into_iter().filter_map(|side| side.of(&live));
            let members = live.pool.members().map(|(_, value)| value);
            members.chain(sides.flat_map(Object::values)).any(|value| validate::says(value, word))
        })
    }

    /// A call of an operation on groups, app clients and the like.
    fn on_collection(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        trace: &mut Trace<'_>,
        on: &CollectionCall<'_>,
    ) -> Result<Option<Json>, Refusal> {
        if on.lists() {
            let is_hidden = |key: &str| self.hides(effects, id_in(call), Some(on.collection()), key);
            let mut page = self.read(call, effects, trace, |state| on.page(state, &is_hidden))??;
            paging::without_end(effects.endless, &call.body, &mut page);
            return Ok(Some(page));
        }
        if !on.writes() {
            return self.read(call, effects, trace, |state| on.answer(state))?;
        }
        let after = self.write(call, effects, trace, |live, _| {
            let mut after = on.after(live, self.omission)?;
            slots::name(&mut after);
            Ok(after)
        })?;
        if on.creates() {
            let made = (id_in(call).to_owned(), Some(on.collection()), on.key().to_owned());
            locked(&self.made).push(made);
        }
        on.answer(&after)
    }

    /// The pool after an operation that writes one of its own documents. Only such an operation changes the date
    /// of the pool's last change. **\[I\]**
    fn written(
        &self,
        operation: &str,
        live: &State,
        request: &Object,
        region: &str,
    ) -> Result<State, Refusal> {
        let (mut after, rules) = match operation {
            "UpdateUserPool" => {
                (update::apply(live, request, self.omission, &self.shapes, region), rules::UPDATE)
            }
            "SetUserPoolMfaConfig" => (mfa::set(live, request, region), rules::SET_MFA),
            "AddCustomAttributes" => (schema::added(live, request)?, rules::NONE),
            "TagResource" => (tags::add(live, request)?, rules::NONE),
            _ => (tags::remove(live, request)?, rules::NONE),
        };
        rules::check(rules, &Case { request, live: Some(live), after: &after, region })?;
        ids::touch(&mut after.pool);
        Ok(after)
    }

    fn create(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        request: &Object,
        trace: &mut Trace<'_>,
    ) -> Result<Json, Refusal> {
        self.refuse_members(call, effects)?;
        let region = call.caller.region.as_deref().unwrap_or(ids::DEFAULT_REGION);
        let (id, mut state) = create::apply(request, &self.shapes, region, call.caller.account())?;
        rules::check(rules::CREATE, &Case { request, live: None, after: &state, region })?;
        effects.after_write(&State::default(), &mut state);
        let made = self.store.save(&id, state, &State::default())?;
        trace.changes(&State::default(), &made, &self.shapes);
        Ok(json!({"UserPool": made.pool}))
    }

    /// A page of the list of pools.
    fn page(&self, call: &SandboxCall, effects: &Effects, request: &Object) -> Result<Bytes, Refusal> {
        let asked = PageRequest::of(request, "MaxResults", LARGEST_PAGE)?;
        let ids = self.store.ids()?;
        let shown = |id: &&String| asked.reaches(id) && !self.hides(effects, id, None, id);
        let mut text = String::from(r#"{"UserPools":["#);
        let (mut shown, mut last, mut token) = (ids.iter().filter(shown), None, None);
        for _ in 0..asked.size {
            let Some((id, pool)) = self.next(call, &mut shown)? else { break };
            text.extend(last.map(|_| ','));
            text.push_str(pool.listed());
            last = Some(id);
        }
        if self.next(call, &mut shown)?.is_some() {
            token = last.map(paging::token);
        }
        text.push(']');
        if let Some(token) = token.or_else(|| paging::endless_token(effects.endless, request)) {
            let _ = write!(text, r#","NextToken":{}"#, Json::from(token));
        }
        text.push('}');
        Ok(text.into())
    }

    /// The first of these pools that the caller may see.
    fn next<'a>(
        &self,
        call: &SandboxCall,
        ids: &mut impl Iterator<Item = &'a String>,
    ) -> Result<Option<(&'a str, Arc<StoredPool>)>, Refusal> {
        for id in ids {
            if let Some(pool) = self.store.load(id)?.filter(|pool| visible(call, id, pool)) {
                return Ok(Some((id, pool)));
            }
        }
        Ok(None)
    }

    fn delete(&self, call: &SandboxCall, effects: &Effects, trace: &mut Trace<'_>) -> Result<(), Refusal> {
        let (id, live) = self.open(call)?;
        self.refuse_members(call, effects)?;
        if live.pool.get("DeletionProtection") == Some(&json!("ACTIVE")) {
            return Err(Refusal::invalid(
                "The user pool cannot be deleted because deletion protection is activated. Deletion protection \
                 must be inactivated first.",
            ));
        }
        if live.pool.has("Domain") || live.pool.has("CustomDomain") {
            // [R] the wording that users quote.
            return Err(Refusal::invalid(
                "User pool cannot be deleted. It has a domain configured that should be deleted first.",
            ));
        }
        self.store.remove(id)?;
        trace.changes(&live, &State::default(), &self.shapes);
        Ok(())
    }

    /// Reads a pool; another writer may come right after.
    fn read<T>(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        trace: &mut Trace<'_>,
        answer: impl FnOnce(&Arc<StoredPool>) -> T,
    ) -> Result<T, Refusal> {
        let (id, pool) = self.open(call)?;
        let answer = answer(&pool);
        self.move_members(id, pool, effects, trace)?;
        Ok(answer)
    }

    /// Writes what `change` makes of a pool; another writer may come right before.
    fn write(
        &self,
        call: &SandboxCall,
        effects: &Effects,
        trace: &mut Trace<'_>,
        change: impl Fn(&State, &str) -> Result<State, Refusal>,
    ) -> Result<Arc<StoredPool>, Refusal> {
        let (id, live) = self.open(call)?;
        let live = self.move_members(id, live, effects, trace)?;
        self.refuse_members(call, effects)?;
        let region = ids::region_of(id).unwrap_or(ids::DEFAULT_REGION);
        if effects.lags {
            change(&self.without_made(id, &live), region)?;
        }
        let mut after = change(&live, region)?;
        effects.after_write(&live, &mut after);
        let after = self.store.save(id, after, &live)?;
        trace.changes(&live, &after, &self.shapes);
        Ok(after)
    }

    /// The pool after another writer was there.
    fn move_members(
        &self,
        id: &str,
        pool: Arc<StoredPool>,
        effects: &Effects,
        trace: &mut Trace<'_>,
    ) -> Result<Arc<StoredPool>, Refusal> {
        if effects.moves.is_empty() {
            return Ok(pool);
        }
        let mut state = State::clone(&pool);
        for edit in &effects.moves {
            edit.apply(&mut state);
        }
        if state.collections == pool.collections {
            ids::touch(&mut state.pool);
        }
        let moved = self.store.save(id, state, &pool)?;
        trace.moves(&pool, &moved, &self.shapes);
        Ok(moved)
    }

    fn refuse_members(&self, call: &SandboxCall, effects: &Effects) -> Result<(), Refusal> {
        let mut quoted = effects.quoted.iter().filter_map(|member| Some((member, call.body.get(member)?)));
        if let Some((member, value)) = quoted.next() {
            let message = format!("Value '{value}' at '{member}' failed to satisfy constraint");
            return Err(Refusal::invalid(message));
        }
        let refused = effects.refused.iter().find(|member| call.body.contains_key(*member));
        refused.map_or(Ok(()), |member| {
            Err(Refusal::invalid(format!("The parameter {member} is not supported for this user pool.")))
        })
    }

    /// The pool that a call names, as its caller may see it.
    fn open<'a>(&self, call: &'a SandboxCall) -> Result<(&'a str, Arc<StoredPool>), Refusal> {
        let id = match call.body.get("ResourceArn").and_then(Json::as_str) {
            Some(arn) => {
                call::pool_of_arn(arn).ok_or_else(|| Refusal::invalid(format!("Invalid ARN: {arn}")))?
            }
            None => match call.body.get("UserPoolId").and_then(Json::as_str) {
                Some(id) => id,
                None => return Err(validate::missing("UserPoolId")),
            },
        };
        match self.store.load(id)? {
            Some(state) if visible(call, id, &state) => Ok((id, state)),
            _ => Err(Refusal::no_pool(id)),
        }
    }
}

/// Whether the caller's Region and account are the pool's. A call that is not signed sees every pool, and
/// a saved pool without an ARN is everybody's.
fn visible(call: &SandboxCall, id: &str, state: &State) -> bool {
    let here = call.caller.region.as_deref().is_none_or(|region| ids::region_of(id) == Some(region));
    let owner = state.pool.get("Arn").and_then(Json::as_str).and_then(ids::account_of);
    let mine = match (owner, call.caller.signed_account()) {
        (Some(owner), Some(caller)) => owner == caller,
        _ => true,
    };
    here && mine
}

/// The id of the pool that a call about one has named.
fn id_in(call: &SandboxCall) -> &str {
    call.pool_id().unwrap_or_default()
}

/// What a call needs for itself. One that names a domain is about all pools: the name is unique among them.
fn scope<'a>(call: &'a SandboxCall, effects: &Effects) -> TurnScope<'a> {
    let reads = ["Describe", "Get", "List"].iter().any(|verb| call.operation.starts_with(verb));
    match call.pool_id() {
        _ if call.body.contains_key("Domain") => TurnScope::AllPools,
        None => TurnScope::Nothing,
        Some(id) if reads && effects.moves.is_empty() => TurnScope::Reads(id),
        Some(id) => TurnScope::Writes(id),
    }
}

impl From<SandboxError> for Refusal {
    fn from(error: SandboxError) -> Self {
        Self::internal(error.to_string())
    }
}
